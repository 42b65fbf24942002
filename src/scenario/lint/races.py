"""Pairs of accesses of two threads to the same data, and what keeps them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from scenario.lint.access import Access
from scenario.lint.facts import Facts
from scenario.lint.objects import LockKey
from scenario.lint.visits import Visit
from scenario.program.program import BoundedSemaphore, Semaphore
from scenario.program.walk import walk_all
from scenario.syntax import Query, Ref, Register, Shared

Numbered: TypeAlias = tuple[int, Access]
"""An access, with the number of its thread."""

MOST = 300
"""Accesses of one variable; of one with more nothing is said."""


def locks(facts: Facts, number: int, visit: Visit) -> frozenset[LockKey]:
    """The locks that may be held there. A semaphore that lets several in is none, nor is what others give back."""
    taken = ((key, op.ref) for key, op in visit.held.maybe.items() if not facts.is_signal(key))
    return frozenset(key for key, ref in taken if _excludes(facts, number, ref))


def _excludes(facts: Facts, number: int, ref: Ref) -> bool:
    kind = facts.roots[number].walk.objects.kind(ref)
    return not (isinstance(kind, Semaphore | BoundedSemaphore) and kind.value > 1)


def section(facts: Facts, number: int, one: Access, two: Access) -> frozenset[LockKey]:
    """The locks that are held all the way from one access of a thread to another."""
    first, second = one.visit.held.maybe, two.visit.held.maybe
    both = locks(facts, number, one.visit) & locks(facts, number, two.visit)
    return frozenset(key for key in both if first[key] is second[key])


def one_step(one: Access, two: Access) -> bool:
    """Whether both are in the same `atomic` block."""
    return one.visit.atomic is not None and one.visit.atomic is two.visit.atomic


def in_common(one: frozenset[LockKey], two: frozenset[LockKey]) -> bool:
    """Whether two threads may hold the same lock."""
    return any(mine.may_be(theirs) for mine in one for theirs in two)


def others(facts: Facts, mine: Numbered) -> Iterator[Numbered]:
    """Accesses of other threads to the same place; of the same code too, if several threads may be in it."""
    number, access = mine
    for other, theirs in facts.shared[access.place.name]:
        if (other != number or facts.roots[number].count > 1) and access.place.overlaps(theirs.place):
            yield other, theirs


def watched(facts: Facts, name: str) -> bool:
    """Whether the file asks on purpose for what happens with a variable between other threads' steps."""
    claims = facts.program.claims
    for node in walk_all((claims.sometimes, claims.reachable)):
        match node:
            case Shared(name=read) if read == name:
                return True
            case Register() | Query():
                pass
    return any(isinstance(node, Register) for node in walk_all(claims.sometimes))
