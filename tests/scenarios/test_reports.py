"""Scenarios of bugs that were reported: each with its mended twin, on the page that says where it was reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BAD = sorted((ROOT / "scenarios" / "reports").glob("*.bad.yaml"))
PAGE = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")


def test_there_are_thirty_of_them():
    assert len(BAD) >= 30


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_each_has_its_mended_twin_and_a_line_of_the_page_with_its_source(bad):
    mended = bad.with_name(bad.name.replace(".bad.", "."))
    assert mended.exists()
    lines = [line for line in PAGE.splitlines() if f"/{bad.name})" in line]
    assert any(f"/{mended.name})" in line and re.search(r"\(https://[^)]+\)", line) for line in lines), lines
