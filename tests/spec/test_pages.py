"""Every code has a page, and every page's examples are what they say."""

from pathlib import Path

import pytest
from spec.files import codes_of, complete

from scenario.diagnostics import PAGES
from scenario.spec import codes, pages

CODES = {value for name, value in vars(codes).items() if name.isupper()}
OURS = [*pages.FILE_PAGES, *pages.SHAPE_PAGES, *pages.EXPRESSION_PAGES]
SHOWN = [page for page in OURS if page.bad]


def test_every_code_has_a_page_and_every_page_a_code():
    assert {page.code for page in OURS} == CODES
    assert PAGES.keys() >= CODES


def test_every_code_is_used():
    files = [path for path in Path(codes.__file__).parent.rglob("*.py") if path.parent.name != "pages"]
    source = "".join(path.read_text() for path in files)
    assert [name for name in vars(codes) if name.isupper() and f"codes.{name}" not in source] == []


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.code)
def test_the_bad_example_has_that_code(page):
    assert page.code in codes_of(complete(page.bad))


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.code)
def test_the_good_example_is_valid(page):
    assert codes_of(complete(page.good)) == []


@pytest.mark.parametrize("page", OURS, ids=lambda page: page.code)
def test_a_page_is_told_in_sentences(page):
    assert page.summary.endswith(".")
    assert page.why.endswith((".", "`."))
