"""Claims that are true of every value which the file can give to the names in them, whatever the order of the steps."""

from __future__ import annotations

import time
from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scenario.engines.explore.search.told.possible import (
    BOTTOM,
    COUNT,
    Known,
    Some,
    Values,
    joined,
    of_constant,
    one_of,
    possible,
    tried,
)
from scenario.program import ops
from scenario.program.bounded.patience import Expired
from scenario.program.claims import Claim
from scenario.program.evaluate import DEADLINE
from scenario.program.program import Program
from scenario.program.show import expression
from scenario.program.targets import assignments
from scenario.program.walk import walk, walk_all
from scenario.results.exploration import Exploration, Vacuous
from scenario.syntax import Assign, AugmentedAssign, Binary, Const, Expr, ListDisplay, Local, Node, Query, Ref, Shared

LONGEST = 0.2
"""Seconds for it: it is only a hint."""


def with_certain(program: Program, found: Exploration) -> Exploration:
    """What a search of all has found, with the claims that it need not have asked. `program`: the whole, nothing left out."""
    told = {claim.span for claim in found.vacuous}
    try:
        with DEADLINE.until(time.monotonic() + LONGEST):
            more = sorted(
                (claim for claim in _certain(program) if claim.span not in told), key=lambda claim: claim.span
            )
    except Expired:
        return found
    return replace(found, vacuous=(*found.vacuous, *more))


def _certain(program: Program) -> Iterator[Vacuous]:
    """The claims and assertions that no order of the steps could have broken, since no value could."""
    blocks = _blocks(program)
    shared, scopes = _known(program, blocks)
    for claim in (*program.claims.final, *program.claims.always):
        if _is_certain(claim.expr, shared):
            yield _vacuous(claim)
    for scope, block in blocks.items():
        for op in walk_all(block):
            if isinstance(op, ops.Assert) and _reads_once(op.test) and _is_certain(op.test, scopes[scope]):
                yield _vacuous(Claim(expression(op.test), op.test, span=op.span))


def _vacuous(claim: Claim) -> Vacuous:
    return Vacuous(claim.text, claim.span, "true of every value")


def _reads_once(test: Expr) -> bool:
    """What a thread reads twice may have changed in between."""
    reads = Counter(_read(node) for node in walk(test))
    return all(times == 1 for name, times in reads.items() if name is not None)


def _read(node: Node) -> str | None:
    match node:
        case Shared(name) | Query(Ref(name)):
            return name
        case _:
            return None


def _is_certain(expr: Expr, known: Known) -> bool:
    found = tried(expr, known) or possible(expr, known)
    return isinstance(found, Some) and found != BOTTOM and all(found.values)


def _blocks(program: Program) -> dict[str, ops.Block]:
    """All bodies, by what their locals belong to."""
    bodies = {"main": program.main or (), **{group.key: group.body for group in program.groups}}
    return bodies | {name: routine.body for name, routine in program.routines.items()}


def _known(program: Program, blocks: Mapping[str, ops.Block]) -> tuple[Known, Mapping[str, Known]]:
    """Of the shared names, and of all names within each scope: the first value with all that any step assigns."""
    shared = {var.name: of_constant(var.value) for var in program.vars}
    given = {scope: list(assignments(block)) for scope, block in blocks.items()}
    scopes: dict[str, ChainMap[str, Values]] = {}
    for scope, pairs in given.items():
        unset = dict.fromkeys((place.name for place, _ in pairs if isinstance(place, Local)), BOTTOM)
        params = program.routines[scope].params if scope in program.routines else ()
        scopes[scope] = ChainMap({**unset, "index": COUNT, **dict.fromkeys(params)}, shared)
    changed = True
    while changed:
        changes = [_widened(shared, scopes[scope], *pair) for scope, pairs in given.items() for pair in pairs]
        changed = any(changes)
    return shared, scopes


def _widened(shared: dict[str, Values], names: ChainMap[str, Values], place: Local | Shared, op: Node | None) -> bool:
    """Whether the name has got more than it had."""
    own = shared if isinstance(place, Shared) else names.maps[0]
    before = own[place.name]
    DEADLINE.look()
    own[place.name] = joined(before, _assigned(op, names))
    return own[place.name] != before


def _assigned(op: Node | None, known: Known) -> Values:
    """What a step gives to the one name that it assigns."""
    match op:
        case Assign(_, value):
            return possible(value, known)
        case AugmentedAssign(target, operator, value):
            return possible(Binary(operator, target, value), known)
        case ops.Repeat():
            return COUNT
        case ops.Choose(_, Const(list(values))):
            return one_of(map(of_constant, values))
        case ops.Choose(_, ListDisplay(items)):
            return one_of(possible(item, known) for item in items)
        case _:
            return None
