"""`requires`: whether this Python is one that a file asks for."""

from __future__ import annotations

import operator
import re
import sys
from collections.abc import Callable, Mapping

_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*")
_COMPARE: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def satisfied(requirement: str, version: tuple[int, ...] = sys.version_info[:3]) -> bool:
    """Compared to the length that is written: 3.13.1 satisfies `==3.13`."""
    return all(_clause(clause, version) for clause in requirement.split(","))


def _clause(clause: str, version: tuple[int, ...]) -> bool:
    match = _CLAUSE.fullmatch(clause)
    assert match, "loading has checked it"
    asked = tuple(map(int, match[2].split(".")))
    return _COMPARE[match[1]](version[: len(asked)], asked)
