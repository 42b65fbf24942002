"""Branches on what a thread knows by itself: a loop is read in stretches, in each of whose rounds they go the same way.

The rounds of a loop that adds up may come in any order, so those with the same remainder are read as a loop of their own, and so
are those before and behind a number with which the branches compare.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import lcm
from typing import TypeAlias

from scenario.engines.explore.reductions.amounts import Outside, amount, nothing
from scenario.engines.explore.reductions.polynomials import Polynomial, constant
from scenario.program import ops
from scenario.program.walk import walk_all
from scenario.record import record
from scenario.syntax import Binary, Boolean, Compare, Const, Expr, Local, Node, Unary

MAX_REMAINDERS = 16

Known: TypeAlias = Mapping[str, Polynomial]
Loops: TypeAlias = Mapping[Hashable, Polynomial]


@record
class Stretch:
    """The rounds `first`, `first` + `apart`, …: so many."""

    first: int
    apart: int
    rounds: Polynomial


def stretches(count: Polynomial, target: str | None, body: ops.Block, known: Known) -> list[list[Stretch]]:
    """The rounds of a loop: those that follow each other in a list, one for each remainder."""
    if target is None or count.value is None:
        return [[Stretch(0, 1, count)]]
    nodes = list(walk_all(body))
    apart = lcm(*(abs(by) for by in _divisors(nodes) if by))
    apart = apart if apart <= MAX_REMAINDERS else 1
    cuts = {cut for at in _compared(nodes, target, known) for cut in (at, at + 1) if 0 < cut < count.value}
    return [
        [Stretch(first, apart, constant(-((first - end) // apart))) for first in range(start, min(start + apart, end))]
        for start, end in pairwise(sorted({0, *cuts, count.value}))
    ]


def _divisors(nodes: Sequence[Node]) -> Iterator[int]:
    for node in nodes:
        match node:
            case Binary("%" | "//", _, Const(by)) if type(by) is int:
                yield by
            case _:
                pass


def _compared(nodes: Sequence[Node], target: str, known: Known) -> Iterator[int]:
    """The numbers with which branches compare the round."""
    branches = [node for node in nodes if isinstance(node, ops.If)]
    for node in walk_all(tuple(test for branch in branches for test, _ in branch.branches)):
        match node:
            case Compare(Local(name), (_,), (other,)) | Compare(other, (_,), (Local(name),)) if name == target:
                try:
                    value = amount(other, known, nothing).value
                except Outside:
                    continue
                if value is not None:
                    yield value
            case _:
                pass


def holds(test: Expr, known: Known, loops: Loops) -> bool:
    """Whether it is so in all rounds of the loops around; False if it is so in none. Raises Outside."""
    match test:
        case Const(bool() as value):
            return value
        case Unary("not", operand):
            return not holds(operand, known, loops)
        case Boolean("and", operands):
            return all(holds(one, known, loops) for one in operands)
        case Boolean("or", operands):
            return any(holds(one, known, loops) for one in operands)
        case Compare(left, (operator,), (right,)):
            return _compares(operator, _range(Binary("-", left, right), known, loops))
        case _:
            return _compares("!=", _range(test, known, loops))


def _range(expr: Expr, known: Known, loops: Loops) -> tuple[int, int]:
    """The least and the greatest value of what is linear, over all rounds. Raises Outside."""
    low = high = 0
    for monomial, factor in amount(expr, known, nothing).terms.items():
        if len(monomial) > 1 or factor.denominator != 1:
            raise Outside
        ends = [int(factor) * number for number in (_first_and_last(monomial[0], loops) if monomial else (1, 1))]
        low, high = low + min(ends), high + max(ends)
    return low, high


def _first_and_last(symbol: Hashable, loops: Loops) -> tuple[int, int]:
    rounds = loops[symbol].value if symbol in loops else None
    if rounds is None:
        raise Outside
    return 0, rounds - 1


def _compares(operator: str, bounds: tuple[int, int]) -> bool:
    """What is said of all numbers between, themselves included, of which some may not be taken. Raises Outside."""
    low, high = bounds
    match operator:
        case "<":
            yes, no = high < 0, low >= 0
        case "<=":
            yes, no = high <= 0, low > 0
        case ">":
            yes, no = low > 0, high <= 0
        case ">=":
            yes, no = low >= 0, high < 0
        case "==":
            yes, no = low == high == 0, low > 0 or high < 0
        case "!=":
            yes, no = low > 0 or high < 0, low == high == 0
        case _:
            raise Outside
    if yes == no:
        raise Outside
    return yes
