"""Draws docs/pictures: what a run and a failing exploration look like on a terminal, a page, and the floors of the house.

With --check it only says whether the drawings are in step with what the commands print today. The page is photographed by Chromium,
where there is one, with --page alone: no two photographs are the same.
"""
# ruff: noqa: INP001 (a script beside the pages, no package)

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"

WIDE, HIGH, MARGIN = 8.2, 18, 16
"""A character and the space around all of them, in pixels."""
COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#56d4dd"}
SGR = re.compile(r"\x1b\[([\d;]*)m")
STYLE = (
    "text{font:13.6px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
    ".b{font-weight:bold}"
)

FLOORS = (
    ("cli · api · own_code · pytest_plugin", "commands, library, tests"),
    ("editor", "what an editor is told: the language server"),
    ("commands", "what each command does: files in, reports out"),
    ("memory", "compiled files and failures, kept"),
    ("files · report · export", "selecting files, formats, Promela and Python"),
    (
        "compile · lint · judge · engines (threads, processes, tasks, code, explore)",
        "meaning, warnings, verdicts, running, exploring",
    ),
    ("interpreter", "step code over real objects"),
    ("steps · real", "bodies as instructions; what real runs share"),
    ("spec · program · results", "the file as written, what runs, what can be seen"),
    ("source · diagnostics · syntax · language", "spans, errors, expressions, the catalogue"),
)


def main(arguments: list[str]) -> int:
    """0 when the pictures were drawn or are in step, 1 when `--check` finds one that is not."""
    if "--page" in arguments:
        return photographed(PICTURES / "page.png")
    drawn = {
        "run.svg": terminal(*printed("run", "counter.yaml")),
        "lost_update.svg": terminal(*printed("explore", "lost.yaml")),
        "floors.svg": floors(),
    }
    behind = [name for name, picture in drawn.items() if not _same(PICTURES / name, picture)]
    if "--check" in arguments:
        for name in behind:
            sys.stderr.write(f"docs/pictures/{name} is out of step: run `python docs/make_pictures.py`\n")
        return 1 if behind else 0
    for name in behind:
        (PICTURES / name).write_text(drawn[name], encoding="utf-8")
    return 0


def printed(command: str, file: str) -> tuple[str, str]:
    """A command on one of the README's own examples, and what it prints in colour."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- file: {file} -->\n```yaml\n(.*?)```", readme, re.DOTALL)
    assert found is not None, "the README has the file"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, file).write_text(found[1], encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key not in ("GITHUB_ACTIONS", "COLUMNS")}
        words = [sys.executable, "-m", "scenario", command, file, "--color", "always"]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    return f"scenario {command} {file}", re.sub(r"[\d.]+ s$", "0.01 s", done.stdout, flags=re.MULTILINE)


def photographed(picture: Path) -> int:
    """The page of a deadlock, at its last step. 2 where there is no browser."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.stderr.write("there is no Chromium to photograph the page with\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        words = [sys.executable, "-m", "scenario", "explore", "scenarios/bugs/abba.yaml", "--html", str(page)]
        subprocess.run(words, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,725"]
        shot = f"--screenshot={picture}"
        subprocess.run([browser, *flags, shot, f"{page.as_uri()}#1.step.1.2"], capture_output=True, check=True)  # noqa: S603
    return 0


def terminal(command: str, printed: str) -> str:
    """An SVG of a terminal: dark, so that it is the same on light and dark pages."""
    lines = [f"\x1b[32m$\x1b[0m {command}", *printed.rstrip().splitlines()]
    width = max(len(SGR.sub("", line)) for line in lines) * WIDE + 2 * MARGIN
    body = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + HIGH * number - 5}">{"".join(_spans(line))}</text>'
        for number, line in enumerate(lines, 1)
        if line
    )
    return _svg(width, len(lines) * HIGH + 2 * MARGIN, f"{STYLE}text{{fill:#e6edf3}}", "#0d1117", body)


def _spans(line: str) -> Iterator[str]:
    """The runs of a line that look alike."""
    codes: set[str] = set()
    for number, part in enumerate(SGR.split(line)):
        if number % 2:
            codes = set() if part in ("", "0") else codes | set(part.split(";"))
        elif part:
            color = next((f' fill="{COLORS[code]}"' for code in sorted(codes) if code in COLORS), "")
            bold = ' class="b"' if "1" in codes else ""
            yield f"<tspan{bold}{color}>{escape(part)}</tspan>" if color or bold else escape(part)


def floors() -> str:
    """The packages, floor upon floor: an import only ever goes down."""
    wide, high, gap = 620, 44, 8
    rows = []
    for number, (packages, about) in enumerate(FLOORS):
        top = MARGIN + number * (high + gap)
        rows.append(
            f'<rect x="{MARGIN}" y="{top}" width="{wide}" height="{high}" rx="6" fill="#ddf4ff" stroke="#54aeff"/>'
            f'<text x="{MARGIN + 14}" y="{top + 19}" class="b">{escape(packages)}</text>'
            f'<text x="{MARGIN + 14}" y="{top + 36}">{escape(about)}</text>'
        )
    bottom = MARGIN + len(FLOORS) * (high + gap) - gap
    x = MARGIN + wide + 22
    rows.append(
        f'<path d="M{x} {MARGIN} V{bottom - 9}" stroke="#57606a" stroke-width="2"/>'
        f'<path d="M{x - 6} {bottom - 10} h12 l-6 10 z" fill="#57606a"/>'
        f'<text x="{x + 12}" y="{(MARGIN + bottom) // 2}">imports</text>'
    )
    style = "text{font:13px system-ui,sans-serif;fill:#1f2328}.b{font-weight:600}"
    return _svg(x + 80, bottom + MARGIN, style, "#ffffff", "\n".join(rows))


def _svg(width: float, height: float, style: str, background: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">\n'
        f"<style>{style}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{background}"/>\n{body}\n</svg>\n'
    )


def _same(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
