"""A failure of many rounds, looked for in the first: few threads go round once, and all the rest comes after, one by one.

Whatever the few do in their first rounds, the others and the rounds that are left can follow without any switch between; what
they add then is read off their bodies. So each execution of the short program is the beginning of one of the whole, whose end is
known. That finds failures and proves nothing: what is not found there may be there all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from scenario.engines.explore.reductions.amounts import MAX_BITS, Outside, Place, added, at
from scenario.engines.explore.reductions.counters import as_repeats
from scenario.engines.explore.reductions.ending import always_ends, tells_when
from scenario.engines.explore.reductions.pairs import as_sections
from scenario.engines.explore.reductions.reader import sums
from scenario.engines.explore.reductions.sections import taken_in_sections
from scenario.engines.explore.reductions.updates import Sums
from scenario.program import ops
from scenario.program.claims import NEVER
from scenario.program.program import Program, ThreadGroup, thread_ref
from scenario.program.whole import every_node, used
from scenario.record import record
from scenario.results.notes import FirstRounds
from scenario.results.outcome import Outcome
from scenario.syntax import Const, Local, Register

FEW = (1, 2)
"""Threads of a group that go round first: what takes fewer threads has a shorter schedule."""

MAX_READ = 1_000
LEAST = 8
"""Rounds of all threads below which the whole is searched as it stands."""


@record
class Shortened:
    """The short program; `added`: what the rest adds, `rest`: whose it is, in order; `starts`: threads that `main` starts."""

    program: Program
    added: Mapping[Place, int]
    rest: tuple[str, ...]
    starts: int
    note: FirstRounds

    def ended(self, outcome: Outcome) -> Outcome:
        """The end of the whole program after this end of the short one."""
        if outcome.end != "finished":
            return outcome
        return replace(outcome, shared=self.values(outcome.shared))

    def values(self, shared: Mapping[str, object]) -> dict[str, Any]:
        """The shared variables once the rest is done, too."""
        values: dict[str, Any] = {name: deepcopy(value) for name, value in shared.items()}
        for place, more in self.added.items():
            values[place.variable] = added(values[place.variable], place, more)
        return values


def shortened(program: Program, least: int = LEAST) -> Iterator[Shortened]:
    """The program with fewer and fewer left out; nothing where the rest does more than adding up, or is little."""
    program = as_repeats(program)
    if not _is_suited(program):
        return
    for few in FEW:
        groups = tuple(
            replace(group, names=group.names[:few], body=_first_round(group.body)) for group in program.groups
        )
        if sum(len(group.names) for group in groups) > 1 and (short := _with(program, groups, least)) is not None:
            yield short


def _with(program: Program, groups: tuple[ThreadGroup, ...], least: int) -> Shortened | None:
    """The program with these threads, if what is left out of it is known."""
    try:
        left, rounds = _left(program, groups)
    except Outside:
        return None
    if rounds <= least or not _are_numbers(program, left):
        return None
    members = tuple(thread_ref(group, i) for group in program.groups for i in range(len(group.names)))
    short = replace(program, groups=groups, main=None)
    if program.main is None:
        return Shortened(short, left, members, 0, _note(groups))
    return Shortened(short, left, (*members, "main"), len(members), _note(groups))


def _is_suited(program: Program) -> bool:
    """Whether only the values at the end are asked for, which whoever comes last can not keep from being reached."""
    claims = program.claims
    asks = (
        claims.always or claims.errors or claims.outcomes or claims.order or claims.output or claims.fails is not None
    )
    if asks or claims.deadlock != NEVER or claims.livelock != "never" or claims.elapsed is not None:
        return False
    if tells_when(program) or not always_ends(program) or any(isinstance(n, Register) for n in every_node(program)):
        return False
    return program.main is None or only_starts_and_joins(program)


def only_starts_and_joins(program: Program) -> bool:
    """Whether `main` starts each group once and as a whole, then joins and prints what nobody looks at."""
    main = list(program.main or ())
    starts = [op.ref.name for op in main if isinstance(op, ops.Start) and op.ref.index is None]
    rest = main[len(starts) :]
    joins = all(
        isinstance(op, ops.Join) and op.ref.index is None and op.ref.name != "main" for op in rest if not _is_print(op)
    )
    every = sorted(group.key for group in program.groups)
    first = all(isinstance(op, ops.Start) for op in main[: len(starts)])
    return first and (starts == ["all"] or sorted(starts) == every) and joins


def _is_print(op: ops.Op) -> bool:
    return isinstance(op, ops.Print)


def _left(program: Program, groups: tuple[ThreadGroup, ...]) -> tuple[Mapping[Place, int], int]:
    """What is added by all that the short program leaves out, and how many rounds there are in all. Raises Outside."""
    all_of_it, short = as_sections(program), as_sections(replace(program, groups=groups))
    free, left, rounds = taken_in_sections(all_of_it), Counter[Place](), 0
    for whole, first in zip(all_of_it.groups, short.groups, strict=True):
        for one in _members(program, whole, len(whole.names), free):
            rounds += max(one.rounds, default=1)
            left.update(_totals(one))
        for one in _members(program, first, len(first.names), free):
            left.subtract(_totals(one))
    return left, rounds


def _members(program: Program, group: ThreadGroup, count: int, free: frozenset[str]) -> Iterator[Sums]:
    """What each of so many members adds where nobody comes in between. Raises Outside."""
    counts = any(isinstance(node, Local) and node.name == "index" for node in used(group.body, program.routines))
    if counts and count > MAX_READ:
        raise Outside
    alone = (ops.Atomic(group.body),)
    read = count if counts else 1
    for index in range(read):
        yield from (sums(program, None, alone, index, free, read),) * (1 if counts else count)


def _totals(one: Sums) -> Mapping[Place, int]:
    totals = Counter[Place]()
    for update in one.updates:
        totals[update.place] += int(update.added)
    return totals


def _first_round(body: ops.Block) -> ops.Block:
    """The body up to the end of the first round of its first loop."""
    for number, op in enumerate(body):
        if isinstance(op, ops.Repeat):
            return (*body[:number], replace(op, times=Const(1)))
    return body


def _are_numbers(program: Program, left: Mapping[Place, int]) -> bool:
    values = {var.name: var.value for var in program.vars}
    found = [(at(values[place.variable], place), more) for place, more in left.items()]
    return all(type(value) is int and (abs(value) + abs(more)).bit_length() <= MAX_BITS for value, more in found)


def _note(groups: tuple[ThreadGroup, ...]) -> FirstRounds:
    return FirstRounds(tuple(thread_ref(group, i) for group in groups for i in range(len(group.names))))
