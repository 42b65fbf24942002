"""How large things are, and how much is kept from the checkers: numbers that may shrink, and never grow."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles

SOURCE = Path(__file__).parents[1] / "src"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST = 60
SUPPRESSIONS = 37
ANY = 375
SMALL, FEW = 30, 15
"""Lines of a small file, and how many there are besides the `__init__`s, which say what a package is for."""


def lengths() -> list[int]:
    """Lines of each function."""
    return [
        node.end_lineno - node.lineno + 1
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]


def words(pattern: str) -> int:
    return sum(len(re.findall(pattern, file.read_text())) for file in FILES)


def test_functions_are_short():
    found = lengths()
    assert median(found) <= 8
    assert quantiles(found, n=10)[-1] <= 20
    assert max(found) <= LONGEST


def test_little_is_kept_from_the_checkers():
    assert words(r"# (?:noqa|type: ignore)") <= SUPPRESSIONS
    assert words(r"\bAny\b") <= ANY


LARGE = 300
ONE_THING = {"program/ops.py", "steps/code.py", "steps/lower/expressions.py"}
"""Files that are longer since they are one table, or one recursion: docs/design.md argues each."""


def test_files_are_no_longer_than_one_thing_needs():
    long = {str(file.relative_to(SOURCE / "scenario")) for file in FILES if len(file.read_text().splitlines()) > LARGE}
    assert long == ONE_THING


def test_few_files_are_small():
    small = [file for file in FILES if file.name != "__init__.py" and len(file.read_text().splitlines()) < SMALL]
    assert len(small) <= FEW, small
