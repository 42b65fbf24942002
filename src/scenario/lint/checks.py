"""Which looks at shared state decide about a write, and whether another thread can come between."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.lint.access import Access
from scenario.lint.facts import Facts
from scenario.lint.races import Numbered, one_step, section
from scenario.lint.roots import Root
from scenario.program import ops
from scenario.program.walk import walk
from scenario.syntax import Expr, Local


def checks(root: Root, act: Access) -> Iterator[tuple[int, Access]]:
    """The reads of what is written, in the tests that decide about the write, each with the visit of its test."""
    for at in _deciding(root, act):
        for read in root.accesses.tests.get(at, ()):
            if not read.writes and read.place.alike(act.place):
                yield at, read


def together(facts: Facts, number: int, read: Access, act: Access) -> bool:
    """Whether they are in one `atomic` block, or in one critical section."""
    return one_step(read, act) or bool(section(facts, number, read, act))


def looked_again(facts: Facts, mine: Numbered) -> bool:
    """Whether a test right where the write is looks at what is written."""
    number, act = mine
    return any(together(facts, number, read, act) for _, read in checks(facts.roots[number], act))


def _deciding(root: Root, act: Access) -> Iterator[int]:
    """The visits whose test decides about an act: `if` and `while` around it, an `await` or a loop right before it."""
    yield from act.visit.controls
    visits, lasts = root.walk.visits, root.walk.lasts
    before = act.at - 1
    while before >= 0 and isinstance(visits[before].op, ops.Atomic | ops.With) and lasts[before] >= act.at:
        before -= 1
    for at in range(max(before - 3, 0), before + 1):
        visit, op = visits[at], visits[at].op
        beside = (visit.frame, visit.controls) == (act.visit.frame, act.visit.controls)
        if beside and lasts[at] == before and isinstance(op, ops.Await | ops.While) and _is_for_many(root, op.test):
            yield at


def _is_for_many(root: Root, test: Expr) -> bool:
    """Whether several threads wait for the same: a test with `index` or another local lets one of them go on."""
    return root.count > 1 and not any(isinstance(part, Local) for part in walk(test))
