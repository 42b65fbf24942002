"""What lies about is read only where it is a regular file of a size that is meant: nothing waits, nothing crashes."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.files import DEADLOCK, FINE, PYTHON, results, scenario

import scenario as api
from scenario.cli.configuration import configured
from scenario.files.options import Selection
from scenario.files.selecting import selected
from scenario.machine import processors, room
from scenario.memory.kept import FOLDER

SCENARIO = str(Path(sys.executable).parent / "scenario")
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes by name")

BAD = {
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a terminal's": lambda path: path.symlink_to("/dev/tty"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a socket's": lambda path: path.symlink_to("/proc/self/fd/0"),
    "a directory": lambda path: path.mkdir(),
    "deep json": lambda path: path.write_text("[" * 100_000 + "]" * 100_000),
    "deep json of ours": lambda path: path.write_text(
        '{"version": 1, "failures": ' + "[" * 100_000 + "]" * 100_000 + "}"
    ),
    "large": lambda path: path.write_bytes(b"[" + b"0," * 5_000_000 + b"0]"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "huge numbers": lambda path: path.write_text('{"version": 1' + "0" * 10_000 + "}"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def quickly(*arguments):
    """As a process of its own, so that one that hangs can be ended."""
    began = time.monotonic()
    done = subprocess.run([SCENARIO, *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL)  # fmt: skip
    assert time.monotonic() - began < 10
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("kind", BAD)
def test_a_scenario_file(folder, kind):
    (folder / "fine.yaml").write_text(FINE)
    BAD[kind](folder / "x.scenario.yaml")
    assert quickly("run", "x.scenario.yaml").returncode in (2, 5)
    assert quickly("validate", ".").returncode in (0, 2)


@pytest.mark.parametrize("kind", BAD)
def test_what_is_kept_of_failures(folder, kind):
    (folder / "x.yaml").write_text(DEADLOCK)
    assert quickly("explore", "x.yaml").returncode == 1
    (entry,) = Path(FOLDER).glob("*.json")
    entry.unlink()
    BAD[kind](entry)
    assert quickly("explore", "x.yaml").returncode == 1
    assert quickly("replay", "x.yaml").returncode == 1


@pytest.mark.parametrize("kind", BAD)
def test_the_directory_of_what_is_kept(folder, kind):
    (folder / "x.yaml").write_text(DEADLOCK)
    BAD[kind](folder / FOLDER)
    assert quickly("explore", "x.yaml").returncode == 1


@pytest.mark.parametrize("kind", BAD)
def test_pyproject(folder, kind):
    (folder / "x.yaml").write_text(FINE)
    BAD[kind](folder / "pyproject.toml")
    assert quickly("validate", "x.yaml").returncode in (0, 2)
    assert quickly("validate", "--config", "pyproject.toml", "x.yaml").returncode in (0, 2)


@pytest.mark.parametrize("table", ["a = " + "[" * 5000 + "]" * 5000, "a" + ".a" * 5000 + " = 1"])
def test_a_pyproject_that_is_nested_deeply(folder, table):
    (folder / "x.yaml").write_text(FINE)
    (folder / "pyproject.toml").write_text(f"[tool.scenario]\n{table}\n")
    assert scenario("validate", "x.yaml").exit_code == 2


@pytest.mark.parametrize("kind", BAD)
def test_results_to_replay(folder, kind):
    BAD[kind](folder / "results.json")
    assert quickly("replay", "results.json").returncode in (2, 3, 5)


def test_the_python_api(folder):
    os.mkfifo("x.yaml")
    with pytest.raises(OSError, match="not a regular file") as raised:
        api.load("x.yaml")
    assert raised.value.errno == errno.EINVAL


@pytest.mark.parametrize(
    "change",
    [
        {"schedule": "1:0:" + ",".join(["A*10000000"] * 1000)},
        {"schedule": None},
        {"params": {"a": 1}},
        {"params": [[1, 2]]},
        {"kind": []},
        {"seconds": 10**400},
        {"seconds": "x"},
        {"file": 5},
        {"clock": "none"},
        {"more": 1},
    ],
)
def test_a_hint_that_is_none_is_passed_over(folder, change):
    (folder / "x.yaml").write_text(DEADLOCK)
    scenario("explore", "x.yaml")
    (entry,) = Path(FOLDER).glob("*.json")
    content = json.loads(entry.read_text())
    content["failures"][0] |= change
    entry.write_text(json.dumps(content))
    assert scenario("explore", "x.yaml").exit_code == 1
    assert scenario("replay", "x.yaml").exit_code == 1


def test_a_hint_is_never_a_verdict(folder):
    (folder / "x.yaml").write_text(DEADLOCK)
    scenario("explore", "x.yaml")
    (entry,) = Path(FOLDER).glob("*.json")
    content = json.loads(entry.read_text())
    content["failures"][0]["seconds"] = 1000.0
    entry.write_text(json.dumps(content))
    (folder / "x.yaml").write_text(DEADLOCK.replace("      - acquire: lock\n", "", 1))
    assert results(scenario("explore", "x.yaml", "--output-format", "json"))[0]["verdict"] == "holds"


def test_what_is_written_goes_into_no_file_that_was_put_there(folder):
    (folder / "x.yaml").write_text(DEADLOCK)
    (folder / "precious").write_text("mine")
    scenario("explore", "x.yaml")
    (entry,) = Path(FOLDER).glob("*.json")
    entry.unlink()
    os.link("precious", entry)
    scenario("explore", "x.yaml")
    assert (folder / "precious").read_text() == "mine"


def test_links_that_lead_back_are_walked_once(folder):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "x.yaml").write_text(FINE)
    for name in "xyz":
        (folder / "a" / name).symlink_to("..")
    for pattern in (
        "**/*.yaml",
        "./**/*.yaml",
        str(folder / "**" / "*.yaml"),
        "*/**/x.yaml",
        "**/b/**/*.yaml",
        "a/**",
        ".",
    ):
        found = [
            str(Path(file).relative_to(folder) if file.startswith("/") else Path(file))
            for file in selected([pattern]).files
        ]
        assert "a/b/x.yaml" in found, pattern
        assert len(found) < 5, pattern


def test_directories_may_be_nested_as_deeply_as_the_system_lets_them(folder):
    depth = 1500
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(folder)
    (folder / "x.yaml").write_text(FINE)
    try:
        for pattern in (".", "**/*.yaml"):
            assert selected([pattern]).files == ("x.yaml",)
    finally:  # pytest itself can not
        subprocess.run(["rm", "-rf", "d"], check=True)


def test_a_file_that_was_merely_found_allows_no_code(folder):
    (folder / "x.yaml").write_text(PYTHON)
    (folder / "pyproject.toml").write_text('[tool.scenario]\nstrict = true\nallow-python = ["antigravity"]\n')
    done = scenario("validate", "x.yaml")
    assert done.exit_code == 2
    assert "pyproject.toml:3:1: 'allow-python' does not count in a file that was merely found" in done.stderr


def test_a_file_that_was_merely_found_takes_no_more_of_the_machine_than_none(folder):
    (folder / "pyproject.toml").write_text("[tool.scenario]\nmax-memory = 1000000000\njobs = 256\nmax-states = 9\n")
    found = configured()
    assert (found["max_memory"] <= room(None) >> 20, found["jobs"], found["max_states"]) == (True, processors(), 9)
    assert configured("pyproject.toml") == {"max_memory": 1_000_000_000, "jobs": 256, "max_states": 9}
    (folder / "pyproject.toml").write_text("[tool.scenario]\nmax-memory = 1\njobs = 1\n")
    assert configured() == {"max_memory": 1, "jobs": 1}


@pytest.mark.parametrize("way", ["option", "variable", "environment", "own"])
def test_who_names_a_file_or_has_one_of_their_own_allows_code(folder, monkeypatch, way):
    (folder / "here").mkdir()
    (folder / "here" / "x.yaml").write_text(PYTHON)
    (folder / "own" / "scenario").mkdir(parents=True)
    table = '[tool.scenario]\nallow-python = ["antigravity"]\n'
    file = folder / ("own/scenario/config.toml" if way == "own" else "ours.toml")
    file.write_text(table)
    monkeypatch.chdir(folder / "here")
    match way:
        case "variable":
            monkeypatch.setenv("SCENARIO_CONFIG", str(file))
        case "environment":
            monkeypatch.setenv("SCENARIO_ALLOW_PYTHON", "antigravity")
        case "own":
            monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "own"))
    options = ["--config", str(file)] if way == "option" else []
    done = scenario("validate", "x.yaml", *options)
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_file_of_the_users_own_is_weaker_than_the_projects(folder, monkeypatch):
    (folder / "own" / "scenario").mkdir(parents=True)
    (folder / "own" / "scenario" / "config.toml").write_text('[tool.scenario]\noutput-format = "json"\nstrict = true\n')
    (folder / "here").mkdir()
    (folder / "here" / "x.yaml").write_text(FINE)
    (folder / "here" / "pyproject.toml").write_text('[tool.scenario]\noutput-format = "concise"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "own"))
    monkeypatch.chdir(folder / "here")
    assert scenario("validate", "x.yaml").stdout.startswith("1 valid")
    monkeypatch.chdir(folder)
    assert scenario("validate", "here/x.yaml").stdout.startswith("{") is False, "it came along: it lies below"


def test_a_directory_of_configuration_that_came_along_is_not_the_users(folder, monkeypatch):
    (folder / ".config" / "scenario").mkdir(parents=True)
    (folder / ".config" / "scenario" / "config.toml").write_text('[tool.scenario]\nallow-python = ["antigravity"]\n')
    (folder / "x.yaml").write_text(PYTHON)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    assert scenario("validate", "x.yaml").exit_code == 2


def test_a_file_of_configuration_that_is_not_there_is_said(folder):
    (folder / "x.yaml").write_text(FINE)
    done = scenario("validate", "--config", "no.toml", "x.yaml")
    assert (done.exit_code, "no.toml: No such file or directory" in done.stderr) == (2, True)


def test_a_link_to_a_regular_file_is_read(folder):
    (folder / "x.yaml").write_text(FINE)
    (folder / "y.yaml").symlink_to("x.yaml")
    assert scenario("validate", "y.yaml").exit_code == 0


def test_selection_by_the_api_is_the_same(folder):
    (folder / "x.yaml").write_text(FINE)
    os.mkfifo("y.yaml")
    assert len(Selection((".",)).paths) == 1
    assert [Path(file).name for file in selected(["."]).files] == ["x.yaml"]
