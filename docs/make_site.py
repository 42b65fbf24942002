"""Builds the site: the pages of docs/, and a gallery of all shipped scenarios, into site/ (or the folder that is named).

    python docs/make_site.py [--only N] [FOLDER]

Sphinx makes the HTML; the result asks nobody for anything, and works from the disk. `--only N`: every Nth scenario, to look at it.
"""
# ruff: noqa: INP001 (a script beside the pages, no package)

from __future__ import annotations

import argparse
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import make_gallery
import yaml
from make_index import DOCS, FOLDERS, ROOT
from sphinx.cmd.build import build_main

LINK = re.compile(r"(!?\[[^\]]*\])\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
SETTINGS = """
project = "Scenario"
html_title = "Scenario"
extensions = ["myst_parser"]
html_theme = "furo"
myst_heading_anchors = 3
myst_url_schemes = ["http", "https"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_show_search_summary = False
html_extra_path = ["_extra"]
html_css_files = ["scenario.css"]
html_static_path = ["_static"]
suppress_warnings = ["myst.header", "misc.highlighting_failure"]
"""
STYLE = """
.content img { max-width: 100%; }
article table { display: block; overflow-x: auto; }
"""
TREES = (
    ("To begin", ("tutorial", "reference", "configuration", "performance", "case_studies")),
    ("How to", "howto/*"),
    ("Scenarios", ("scenarios", "reports", "gallery/index")),
    ("The house", ("design", "soundness", "internals", "CONTRIBUTING", "CHANGELOG")),
)


def main(arguments: list[str]) -> int:
    """Sphinx's own exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, default=1)
    parser.add_argument("folder", nargs="?", default="site")
    given = parser.parse_args(arguments)
    folder = Path(given.folder).resolve()
    os.chdir(ROOT)
    return build(folder, make_gallery.shipped()[:: given.only])


def build(folder: Path, scenarios: list[str]) -> int:
    """Stages all pages below the folder, and has them made into HTML beside it."""
    source, html = folder / "source", folder / "html"
    shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    for page in sorted(DOCS.rglob("*.md")):
        _stage(page, source / page.relative_to(DOCS), scenarios)
    for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
        _stage(ROOT / name, source / name, scenarios)
    _stage(ROOT / "README.md", source / "index.md", scenarios)
    shutil.copytree(DOCS / "pictures", source / "pictures")
    make_gallery.make(scenarios, source / "gallery", source / "_extra" / "play")
    (source / "gallery" / "index.md").write_text("\n".join(_gallery(scenarios)), encoding="utf-8")
    with (source / "index.md").open("a", encoding="utf-8") as index:
        index.write("\n".join(_trees()))
    (source / "_static").mkdir()
    (source / "_static" / "scenario.css").write_text(STYLE, encoding="utf-8")
    (source / "conf.py").write_text(SETTINGS, encoding="utf-8")
    return build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(html)])


def _stage(page: Path, to: Path, scenarios: list[str]) -> None:
    """A page as the site has it: what it links to is the site's own; of what leads out of it the words are left."""
    to.parent.mkdir(parents=True, exist_ok=True)
    at = page.relative_to(ROOT).parent.as_posix()
    depth = "../" * (len(to.relative_to(_top(to)).parts) - 1)

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found[1], posixpath.normpath(posixpath.join(at, found[2])), found[3] or ""
        if target in scenarios:
            return f"{words}({depth}gallery/{make_gallery.slug(target)}.md)"
        if target.startswith("docs/") and (ROOT / target).is_file():
            return f"{words}({depth}{target.removeprefix('docs/')}{anchor})"
        if target in ("CHANGELOG.md", "CONTRIBUTING.md"):
            return f"{words}({depth}{target}{anchor})"
        return f"{words}({depth}index.md)" if target == "README.md" else words[1:-1]

    to.write_text(LINK.sub(link, page.read_text(encoding="utf-8")), encoding="utf-8")


def _top(page: Path) -> Path:
    """The folder of all pages."""
    return next(parent for parent in page.parents if parent.name == "source")


def _gallery(scenarios: list[str]) -> Iterator[str]:
    """The index of the gallery, with a tree of its pages."""
    yield "# Gallery\n"
    yield "Every shipped scenario, with what exploring it says, and a page on which to step through it or to play it.\n"
    for folder, about in FOLDERS.items():
        mine = [file for file in scenarios if file.removeprefix("scenarios/").rpartition("/")[0] == folder]
        if not mine:
            continue
        yield f"## {folder.replace('_', ' ').capitalize() or 'The six to begin with'}\n"
        yield re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", about) + "\n"
        for file in mine:
            document = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
            name = make_gallery.slug(file)
            yield f"- [{document['scenario']}]({name}.md) ({make_gallery.link(name, 'play')}): {document['description']}"
        yield "\n```{toctree}\n:hidden:\n:maxdepth: 1\n"
        yield from (make_gallery.slug(file) for file in mine)
        yield "```\n"


def _trees() -> Iterator[str]:
    """What the side of the site leads to."""
    for caption, pages in TREES:
        yield f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n:maxdepth: 1"
        yield ":glob:\n" if isinstance(pages, str) else ""
        yield from [pages] if isinstance(pages, str) else pages
        yield "```"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
