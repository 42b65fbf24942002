"""How large things are, and how much is kept from the checkers: numbers that may shrink, and never grow.

python tests/test_house.py          # prints them
"""

import ast
import re
import sys
from pathlib import Path
from statistics import median, quantiles

import pytest

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
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def words(pattern: str) -> int:
    return sum(len(re.findall(pattern, file.read_text())) for file in FILES)


def small() -> list[str]:
    return [file.name for file in FILES if file.name != "__init__.py" and len(file.read_text().splitlines()) < SMALL]


def figures() -> dict[str, tuple[float, float]]:
    """Of each what it is, and what it may be at most."""
    found = lengths()
    return {
        "lines of a function, median": (median(found), 8),
        "lines of a function, 90th percentile": (quantiles(found, n=10)[-1], 20),
        "lines of the longest function": (max(found), LONGEST),
        "noqa and type: ignore": (words(r"# (?:noqa|type: ignore)"), SUPPRESSIONS),
        "Any": (words(r"\bAny\b"), ANY),
        f"files under {SMALL} lines": (len(small()), FEW),
    }


@pytest.mark.parametrize(("what", "found", "most"), [(what, *both) for what, both in figures().items()])
def test_it_is_no_more_than_it_may_be(what, found, most):
    assert found <= most, what


LARGE = 300
ONE_THING = {"program/ops.py", "steps/code.py", "steps/lower/expressions.py"}
"""Files that are longer since they are one table, or one recursion: docs/design.md argues each."""


def test_files_are_no_longer_than_one_thing_needs():
    long = {str(file.relative_to(SOURCE / "scenario")) for file in FILES if len(file.read_text().splitlines()) > LARGE}
    assert long == ONE_THING


if __name__ == "__main__":
    for what, (found, most) in figures().items():
        sys.stdout.write(f"{found:6g} of {most:3g}  {what}\n")
