"""What the docs show is what happens: every command is run and its output compared, every scenario validated."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_prints_what_the_page_shows(page, tmp_path):
    """Blocks of a page run one after the other in one folder, into which named files are written as they come."""
    for folder in ("scenarios", "schema"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    text = page.read_text(encoding="utf-8")
    played = FENCE.sub(lambda block: play(block, tmp_path), text)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        page.write_text(played, encoding="utf-8")
    else:
        assert played == text


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ["docs/internals.md"])
def test_every_file_that_is_named_exists(page):
    named = re.findall(r"`([a-z_]+/[\w/]*(?:\.py)?)(?:: \w+)?`", (ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [path for path in named if not (ROOT / "src" / "scenario" / path).exists()] == []


@pytest.mark.parametrize("page", ["docs/design.md", "docs/soundness.md"])
def test_every_file_that_is_named_alone_is_somewhere(page):
    named = re.findall(r"`([\w/]+\.(?:py|js|c|md))`", (ROOT / page).read_text(encoding="utf-8"))
    files = [path.as_posix() for path in (p.relative_to(ROOT) for top in TOPS for p in (ROOT / top).rglob("*.*"))]
    assert len(named) > 25
    assert [name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)] == []


TOPS = ("src", "tests", "native", "benchmarks", "docs")


def test_the_index_of_scenarios_is_in_step():
    subprocess.run([sys.executable, ROOT / "docs" / "make_index.py", "--check"], check=True, timeout=60)


def test_the_pictures_are_in_step():
    subprocess.run([sys.executable, ROOT / "docs" / "make_pictures.py", "--check"], check=True, timeout=60)


def test_the_picture_of_the_floors_names_every_package():
    drawn = (ROOT / "docs" / "pictures" / "floors.svg").read_text(encoding="utf-8")
    house = ROOT / "src" / "scenario"
    packages = {path.parent.name for room in ("*", "engines/*") for path in house.glob(f"{room}/__init__.py")}
    assert {package for package in packages if package not in drawn} == set()


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        ("a\nb", "a\nb\n", True),
        ("a", "a\nb\n", False),
        ("a\n...", "a\nb\nc\n", True),
        ("...\nc", "a\nb\nc\n", True),
        ("took ... s", "took 0.03 s\n", True),
        ("took ... s", "took 0.03 ms!\n", False),
    ],
)
def test_three_dots_stand_for_what_differs_from_run_to_run(shown, printed, alike):
    assert matches(shown, printed) is alike


def play(block: re.Match[str], folder: Path) -> str:
    """The block as it should stand in the page: a named file is written, the commands of a console are run."""
    if block["file"]:
        file = folder / block["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block["text"], encoding="utf-8")
    if block["language"] != "console":
        return block[0]
    return f"```console\n{played_session(block['text'], folder)}```"


def played_session(text: str, folder: Path) -> str:
    """Each `$ command` with what it prints, up to the next one; what is alike stays as it is written."""
    code, lines = 0, []
    for session in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = session.partition("\n")
        if command == "echo $?":
            printed = f"{code}\n"
        else:
            code, printed = run(command, folder)
        lines.append(f"$ {command}\n{shown if matches(shown, printed) else timeless(printed)}")
    return "".join(lines)


def timeless(printed: str) -> str:
    """As a page shows it: without seconds, seeds and sizes of searches, and without blanks at the ends of lines."""
    text = re.sub(r"[0-9.]+ s$", "... s", printed, flags=re.MULTILINE)
    text = re.sub(r"[0-9,]+ states, [0-9,]+ steps", "... states, ... steps", text)
    text = re.sub(r"--seed [0-9]+", "--seed ...", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def run(command: str, folder: Path) -> tuple[int, str]:
    """Exit code and what is printed to both streams, without colour, as on a narrow machine of CI."""
    scripts = Path(sys.executable).parent
    environment = {key: value for key, value in os.environ.items() if key not in ("GITHUB_ACTIONS", "FORCE_COLOR")}
    environment |= {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, text=True, timeout=120, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def matches(shown: str, printed: str) -> bool:
    """Whether they are the same, where a line `...` stands for any lines and `...` in a line for any text."""
    pattern = ""
    for line in shown.strip("\n").split("\n"):
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern, printed.strip("\n") + "\n") is not None
