"""The site: every page is in it, every link leads somewhere, and it asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report.browser import CHROMIUM, MISSING, browser

pytest.importorskip("sphinx", reason="what builds the site is not installed (scenario[docs])")
pytest.importorskip("myst_parser", reason="what builds the site is not installed (scenario[docs])")
pytest.importorskip("furo", reason="what builds the site is not installed (scenario[docs])")

ROOT = Path(__file__).resolve().parents[2]
EVERY = 60
pytestmark = pytest.mark.xdist_group("site")  # it is built once


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with a few of the scenarios, each warning of Sphinx an error."""
    where = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "docs/make_site.py"), "--only", str(EVERY), str(where)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return where / "html"


class Loaded(HTMLParser):
    """What a page loads by itself, where it links to, and which places in it can be linked to."""

    def __init__(self):
        super().__init__()
        self.loads, self.links, self.places = [], [], set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.places.add(given.get("id"))
        if (tag == "a" and given.get("href")) or (
            tag == "link" and given.get("rel") in ("index", "search", "next", "prev", "canonical", "author")
        ):
            self.links.append(given["href"])
        else:
            self.loads += [given[name] for name in ("src", "href", "data", "srcset") if given.get(name)]


def read(page):
    found = Loaded()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def test_nothing_is_loaded_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        assert [one for one in read(page).loads if re.match(r"(?:[a-z]+:)?//", one)] == [], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"""url\(["']?(?:https?:)?//|@import""", sheet.read_text(encoding="utf-8")), sheet


def test_every_link_within_it_leads_somewhere(site):
    pages = {page.resolve(): read(page) for page in site.rglob("*.html")}
    for page, found in pages.items():
        for link in found.links:
            target, _, anchor = link.partition("#")
            to = (page.parent / target.partition("?")[0]).resolve() if target else page
            if re.match(r"[a-z]+:|//", target):
                continue
            assert to.exists(), (page, link)
            assert not anchor or to not in pages or anchor in pages[to].places, (page, link)


@pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
def test_from_the_disk_it_is_searched_without_a_complaint(site, tmp_path):
    with browser(tmp_path / "profile") as page:
        page.open(f"{(site / 'search.html').as_uri()}?q=livelock")
        page.until("document.querySelectorAll('#search-results a').length > 3")
        assert page.complaints == []
        assert {address for address in page.requests if not address.startswith(("file:", "about:", "data:"))} == set()


def test_each_scenario_has_a_page_to_play_that_is_led_to(site):
    played = {page.resolve() for page in (site / "play").glob("*.html")}
    assert played
    links = {(page.parent / link).resolve() for page in (site / "gallery").glob("*.html") for link in read(page).links}
    assert played <= links


def test_every_page_of_the_docs_and_every_scenario_that_was_asked_for_is_in_it(site):
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from make_gallery import shipped, slug
    finally:
        sys.path.pop(0)
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs").with_suffix(".html")).exists()
    assert len(shipped()) == len(list((ROOT / "scenarios").rglob("*.yaml")))
    assert len({slug(file) for file in shipped()}) == len(shipped())
    for file in shipped()[::EVERY]:
        assert "Step through it" in (site / "gallery" / f"{slug(file)}.html").read_text(encoding="utf-8")
        assert "default-src 'none'" in (site / "play" / f"{slug(file)}.html").read_text(encoding="utf-8")
