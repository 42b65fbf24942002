"""Every code has a page, and every page's examples are what they say."""

from pathlib import Path

import pytest
from compile.files import diagnostics
from spec.files import complete

from scenario.compile import codes, pages

CODES = {value for name, value in vars(codes).items() if name.isupper()}


def test_every_code_has_a_rule_and_every_rule_a_code():
    assert sorted(page.code for page in pages.PAGES) == sorted(CODES)


def test_every_code_is_used():
    files = [path for path in Path(codes.__file__).parent.rglob("*.py") if path.parent.name != "pages"]
    source = "".join(path.read_text() for path in files)
    assert [name for name in vars(codes) if name.isupper() and f"codes.{name}" not in source] == []


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.code)
def test_the_bad_example_has_that_code_alone(page):
    assert {found.code for found in diagnostics(complete(page.bad))} == {page.code}


@pytest.mark.parametrize("page", [page for page in pages.PAGES if page.good], ids=lambda page: page.code)
def test_the_good_example_is_valid(page):
    assert diagnostics(complete(page.good)) == ()


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.code)
def test_a_rule_is_told_in_sentences(page):
    assert page.summary.endswith(".")
    assert page.why.endswith((".", "`."))
