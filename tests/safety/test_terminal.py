"""Nothing that a file says, or what it runs, moves the cursor, begins a line of its own or hides in the report."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli.files import scenario

import scenario as api
from scenario.legible import legible

SCENARIO = str(Path(sys.executable).parent / "scenario")
EVIL = "a\\nPASS forged in 0.01 s\\e[2K\\e[31m\\r\\x9b2K\\u202Eb\\u2066c\\u200Bd\\u2028e"
FILE = """\
scenario: "EVIL"
description: "EVIL"
tags: ["EVIL"]
params: {p: "EVIL"}
cases: [{p: "EVIL"}, {p: "EVILx"}]
vars: {x: 0, s: {expr: "p"}}
threads:
  A:
    steps:
      - print: "EVIL"
      - choose: x
        from: "['EVIL', 1]"
      - {assert: x == 3, message: "EVIL"}
      - {raise: ValueError, message: "EVIL"}
expect:
  final: ["x == 'EVIL'"]
  output: {contains: ["EVIL"]}
""".replace("EVIL", EVIL)
EXPORTED = re.sub("cases: .*", "", FILE)
ON_TASKS = EXPORTED.replace("vars:", "runtimes: [asyncio]\nvars:")
OWN = """\
scenario: own
python: {f: 'theirs:f'}
threads: {A: {steps: [{call: f}]}}
"""
THEIRS = r"""
def f():
    raise ValueError("a\nPASS forged in 0.01 s\x1b[2K\u202eb\u2028\x85")
"""
INVALID = (
    f'scenario: "{EVIL}"\nthreads:\n  A:\n    steps: ["{EVIL}", {{"{EVIL}": 1}}, {{call: "{EVIL}"}}]\n"{EVIL}": 2\n'
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069]")
NAME = "n\nPASS forged in 0.01 s\x1b[2K\u202e.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(FILE)
    Path("b.yaml").write_text(INVALID)
    Path(NAME).write_text(FILE)
    Path("theirs.py").write_text(THEIRS)
    return tmp_path


def is_safe(text):
    return not FORBIDDEN.search(text) and not any(line.lstrip(" |").startswith("PASS forged") and not line.startswith("  | ") for line in text.splitlines())  # fmt: skip


COMMANDS = [
    ("run", "a.yaml"), ("run", "b.yaml"), ("run", NAME), ("run", "a.yaml", "--times", "3"), ("run", "."),
    ("validate", "b.yaml"), ("validate", "."), ("explore", "a.yaml"), ("explore", "."), ("explore", "--keep-going", NAME),
    ("replay", "a.yaml"), ("replay", "--slow", "a.yaml"), ("show", "a.yaml"), ("show", "."), ("list", "."),
    ("export", "--to", "promela", "a.yaml"), ("export", "--to", "promela", "b.yaml"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command).encode("unicode_escape").decode())
def test_every_command(command):
    done = scenario(*command)
    assert is_safe(done.stdout), done.stdout
    assert is_safe(done.stderr), done.stderr


@pytest.mark.parametrize("form", ["full", "junit", "github"])
@pytest.mark.parametrize("name", ["own.yaml", NAME], ids=["plain", "forging"])
@pytest.mark.parametrize("command", ["run", "explore", "replay"])
def test_a_traceback_of_own_code(command, name, form):
    Path(name).write_text(OWN)
    done = scenario(command, "--allow-python", "theirs", name, "--output-format", form)
    assert "forged" in done.stdout
    assert is_safe(done.stdout), done.stdout


@pytest.mark.parametrize("to", ["python", "promela", "mermaid", "dot"])
@pytest.mark.parametrize("text", [EXPORTED, ON_TASKS], ids=["threads", "tasks"])
def test_what_is_exported_and_what_is_not(to, text):
    Path("a.yaml").write_text(text)
    done = subprocess.run([SCENARIO, "export", "--to", to, "a.yaml"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # fmt: skip
    assert is_safe(done.stdout), done.stdout
    assert is_safe(done.stderr), done.stderr


@pytest.mark.parametrize("form", ["full", "concise", "junit", "github", "sarif", "json", "jsonl"])
@pytest.mark.parametrize("command", ["run", "validate", "explore"])
def test_every_format(form, command):
    done = scenario(command, ".", "--output-format", form)
    text = done.stdout
    if form in ("json", "jsonl"):  # texts as they are, escaped by the format
        assert "\x1b" not in text
        assert "\r" not in text
        json.loads(text.splitlines()[0] if form == "jsonl" else text)
    else:
        assert is_safe(text), text


def test_a_summary_of_githubs(folder, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary"))
    scenario("run", "a.yaml", "--output-format", "github")
    assert is_safe((folder / "summary").read_text())


def test_colour_is_still_ours(folder):
    done = scenario("run", "a.yaml", "--color", "always")
    assert is_safe(re.sub(r"\x1b\[[0-9;]*m", "", done.stdout))
    assert "\x1b[31m\\" not in done.stdout


def test_the_python_api():
    results = api.load("a.yaml").run(seed=0)
    assert is_safe(results.text())
    with pytest.raises(api.InvalidScenario) as raised:
        api.load("b.yaml")
    assert is_safe("\n".join(raised.value.__notes__))
    assert is_safe(str(raised.value))


def test_the_pytest_plugin(folder):
    Path("t.scenario.yaml").write_text(FILE)
    Path("u.scenario.yaml").write_text(INVALID)
    command = [
        str(Path(sys.executable).parent / "pytest"),
        "-v",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        ".",
        "--color",
        "no",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert not FORBIDDEN.search(done.stdout), done.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ü 日本　語 👩‍🚀 \xa0", "plain – ü 日本　語 👩‍🚀 \xa0"),
        ("a\nb\r\t\x1b[0m\x7f\x9b", "a\\nb\\r\\t\\x1b[0m\\x7f\\x9b"),
        ("\u202eevil\u2066\u200b\ufeff\u2028", "\\u202eevil\\u2066\\u200b\\ufeff\\u2028"),
        ("\U000e0041\ud800", "\\U000e0041\\ud800"),
    ],
)
def test_what_is_legible_stays(text, shown):
    assert legible(text) == shown
