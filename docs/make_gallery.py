"""The gallery of the site: for each shipped scenario a page with its verdict, its report as a picture, and a page to play.

    python docs/make_gallery.py PAGES PLAYED [FILE …]

writes Markdown and pictures into the folder PAGES, and pages to play into PLAYED.
"""
# ruff: noqa: INP001 (a script beside the pages, no package)

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from make_pictures import terminal

from scenario.commands.exploring import explore
from scenario.commands.loading.selected import load_all
from scenario.commands.pictures.filming import filmed
from scenario.export.python.module import python
from scenario.export.refusal import NotExportable
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.legible import legibly
from scenario.report.full import result_text
from scenario.report.page.page import page
from scenario.report.reporter import Silent
from scenario.report.style import Style
from scenario.results.result import Result
from scenario.settings import ExploreOptions

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20.0
"""For one scenario."""

TALL = 120
"""Lines of a picture; what is longer is seen on the page to play."""


def shipped() -> list[str]:
    """Every scenario, from the root of the repository."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))


def slug(file: str) -> str:
    """The name of a scenario's page: `puzzles-smokers`."""
    return file.removeprefix("scenarios/").removesuffix(".yaml").replace("/", "-").replace(".", "-")


def link(name: str, words: str) -> str:
    """To the page to play, from a page of the gallery. It is no page of Sphinx's: what Markdown links to would be looked for among those."""
    return f'<a href="../play/{name}.html">{words}</a>'


def make(files: Iterable[str], pages: Path, played: Path, processes: int | None = None) -> None:
    """Writes all pages. The current directory has to be the root of the repository, as the files are named from there."""
    for folder in (pages, played):
        folder.mkdir(parents=True, exist_ok=True)
    asked = [(file, pages, played) for file in files]
    with ProcessPoolExecutor(processes or os.cpu_count(), get_context("spawn")) as pool:
        list(pool.map(one, asked))


def one(asked: tuple[str, Path, Path]) -> None:
    """The pages of one scenario."""
    file, pages, played = asked
    selection = Selection((file,), allow_python=frozenset())
    files = load_all(selection, exploring=True)
    report = explore(files, selection, ExploreOptions(max_seconds=SECONDS), Silent())
    loaded, results = files[0], report.results
    name = slug(file)
    shown = [line for result in results for line in result_text(legibly(result), Style(enabled=True, width=100))]
    picture = terminal(f"scenario explore {file}", "\n".join(_timeless(shown)))
    (pages / f"{name}.svg").write_text(picture, encoding="utf-8")
    (pages / f"{name}.md").write_text("\n".join(_lines(file, loaded, results)) + "\n", encoding="utf-8")
    html = page(tuple(filmed(report, files, {}, selection.allow_python)), loaded.name or file)
    (played / f"{name}.html").write_text(html, encoding="utf-8")


def _timeless(lines: list[str]) -> list[str]:
    """How long it took is another matter each time."""
    kept = [re.sub(r"\b[\d.]+ (s|ms)$", r"… \1", line) for line in lines]
    return kept if len(kept) <= TALL else [*kept[:TALL], f"… {len(kept) - TALL} more lines"]


def _lines(file: str, loaded: Loaded, results: tuple[Result, ...]) -> Iterator[str]:
    """The page of one scenario, as Markdown."""
    name = slug(file)
    about = loaded.about
    yield f"# {about.name if about else file}"
    yield ""
    if about is not None:
        yield about.description
        yield ""
    verdicts = ", ".join(dict.fromkeys(result.verdict.word for result in results))
    tags = " ".join(f"`{tag}`" for tag in about.tags) if about else ""
    yield f"**{verdicts}** · `{file}` {f'· {tags}' if tags else ''}"
    yield ""
    yield link(name, "Step through it, or play it")
    yield ""
    yield f"![What exploring it says]({name}.svg)"
    yield ""
    yield from _block("yaml", loaded.source.text if loaded.source else "")
    if written := _python(file):
        yield "## As a program of its own"
        yield ""
        yield from _block("python", written)


def _block(language: str, text: str) -> Iterator[str]:
    yield f"````{language}"
    yield text.rstrip("\n")
    yield "````"
    yield ""


def _python(file: str) -> str:
    """The same in Python, of its first case; nothing where Python has no words for it."""
    from scenario.commands.loading.compiling import with_params  # noqa: PLC0415 (it compiles)

    selection = Selection((file,), allow_python=frozenset())
    (loaded,) = load_all(selection)
    if not loaded.programs or loaded.programs[0].runtime != "threading":
        return ""
    try:
        return python(
            with_params(loaded, loaded.programs[0], selection), loaded.about.description if loaded.about else ""
        )
    except NotExportable:
        return ""


if __name__ == "__main__":
    os.chdir(ROOT)
    make(sys.argv[3:] or shipped(), Path(sys.argv[1]), Path(sys.argv[2]))
