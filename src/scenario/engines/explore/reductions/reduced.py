"""Threads that only add to shared numbers, left out: what they add is there from the beginning.

Each of their steps may come earlier or later without any difference to the others, none can be seen before the very end,
and in every execution all of them are done. So every execution has the ends of one in which they come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from scenario.engines.explore.reductions.amounts import MAX_BITS, Outside, Place, added, at
from scenario.engines.explore.reductions.counters import as_repeats
from scenario.engines.explore.reductions.ending import always_ends, tells_when
from scenario.engines.explore.reductions.pairs import as_sections
from scenario.engines.explore.reductions.queues import fits, has_one_end, left_in, queues
from scenario.engines.explore.reductions.reader import sums
from scenario.engines.explore.reductions.sections import excludes, given_back
from scenario.engines.explore.reductions.updates import Sums, Update, ways
from scenario.program import ops
from scenario.program.program import Program, ThreadGroup, Var, declared_name, thread_ref
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS, barrier_actions, every_node, queried_at_the_end, used
from scenario.record import record
from scenario.results.exploration import Exploration
from scenario.results.notes import AsUpdates, Note
from scenario.results.ways import Symmetry, Way
from scenario.syntax import Local, Node, Query, Ref, Register, Shared

MAX_READ = 1_000
"""Members of a group that are read one by one, as what they add depends on their number."""

_OF_ITEMS = ("qsize", "empty", "full")
"""What a queue tells that has as many items as at the beginning as it told then."""

_OF_SHARED_MEMORY = 62
"""Bits of a number that processes share, without its sign, and one to spare."""

Threads = Mapping[str, Sequence[Sums]]
"""What each thread of a group does."""


@record
class Reduced:
    """What is left to search, by which ways, and what to say of it.

    `variables` are those that are added up, `groups` the threads that are left out, `lines` those of what they do.
    """

    program: Program
    ways: tuple[Way, ...]
    notes: tuple[Note, ...]
    variables: frozenset[str]
    groups: frozenset[str]
    lines: frozenset[int]

    def told(self, found: Exploration) -> Exploration:
        """What was found in what is left, as what there is to say of the whole program."""
        summed = {claim.span for claim in self.program.claims.final if self.variables.intersection(claim.about())}
        left_out = {Symmetry(group) for group in self.groups}
        return replace(
            found,
            reductions=(*self.ways, *(way for way in found.reductions if way not in left_out)),
            notes=(*found.notes, *self.notes),
            vacuous=tuple(one for one in found.vacuous if one.why != "never changes" or one.span not in summed),
            unreached=tuple(span for span in found.unreached if span.line not in self.lines),
        )


def reduced(program: Program) -> Reduced | None:
    """The program without the threads that only add up; None where there is none that may be left out."""
    counted = as_repeats(program)
    if tells_when(program) or not always_ends(counted):
        return None
    threads = _adding(counted)
    if not threads:
        return None
    groups = tuple(replace(group, body=()) if group.key in threads else group for group in program.groups)
    updates = [update for each in threads.values() for one in each for update in one.updates]
    left = replace(program, groups=groups, vars=tuple(_summed(var, updates) for var in program.vars))
    lines = {line for group in program.groups if group.key in threads for line in _lines(program, group)}
    return Reduced(
        left, _ways(threads), tuple(_notes(threads)), _variables(updates), frozenset(threads), frozenset(lines)
    )


# --- which threads ----------------------------------------------------------------------------------------


def _adding(program: Program) -> Threads:
    """Who does nothing else; where they are all who take locks by `acquire`, what is between that and `release` is a section."""
    threads = _fitting(as_sections(program))
    others = (*_others(program, threads), program.main or ())
    by_others = any(isinstance(node, ops.Acquire) for node in used(others, program.routines, RUNS))
    return _fitting(program) if by_others else threads


def _begun(program: Program) -> Iterator[ThreadGroup]:
    """The groups that are surely started before anything can block, and whose locals nothing asks for at their end."""
    registers = {node.thread.name for node in every_node(program) if isinstance(node, Register)}
    started = None if program.main is None else _started_first(program, program.main)
    for group in program.groups:
        if group.body and group.key not in registers and (started is None or started & {group.key, "all"}):
            yield group


def _started_first(program: Program, main: ops.Block) -> frozenset[str]:
    """Whom `main` starts before it does anything else, or could be over since somebody had been started before."""
    by_others = [node for node in used(tuple(_others(program, {})), program.routines) if isinstance(node, ops.Start)]
    found: set[str] = set()
    for op in main:
        if not isinstance(op, ops.Start) or op.ref.index is not None:
            break
        if op.ref.name != "all" and (by_others or found & {op.ref.name, "all"}):
            break
        found.add(op.ref.name)
    return frozenset(found)


def _read(program: Program, group: ThreadGroup, free: frozenset[str]) -> Sequence[Sums]:
    """What each member does; nothing if that is more than adding up."""
    count = len(group.names)
    counts = any(isinstance(node, Local) and node.name == "index" for node in used(group.body, program.routines))
    if counts and count > MAX_READ:
        return ()
    try:
        if counts or count == 1:
            each = [sums(program, thread_ref(group, i), group.body, i, free, count) for i in range(count)]
        else:
            each = [sums(program, None, group.body, 0, free)] * count
    except Outside:
        return ()
    steps = frozenset().union(*(one.steps for one in each))
    if any(isinstance(n, ops.Op) and n.span not in steps for n in used(group.body, program.routines)):
        return ()  # a search finds what no thread comes to, and tells it
    return each if any(one.updates or one.locks or one.passings for one in each) else ()


def _fitting(program: Program) -> Threads:
    """Those whose variables nothing else looks at, and whose updates of each exclude each other."""
    free = given_back(program, elements=True)
    threads = {group.key: each for group in _begun(program) if (each := _read(program, group, free))}
    while True:
        bad = {group for group, each in threads.items() if not _fits(program, threads, each)}
        if not bad:
            return threads
        threads = {group: each for group, each in threads.items() if group not in bad}


def _fits(program: Program, threads: Threads, each: Sequence[Sums]) -> bool:
    values = {var.name: var.value for var in program.vars}
    elsewhere = _seen_elsewhere(program, threads)
    bits = MAX_BITS if program.runtime == "threading" else _OF_SHARED_MEMORY
    places = _by_place(update for sums in threads.values() for one in sums for update in one.updates)
    return _passes(program, threads, each) and all(
        place.variable not in elsewhere
        and _is_number(at(values[place.variable], place), places[place], bits)
        and exclusive(program, places[place])
        for place in {update.place for one in each for update in one.updates}
    )


def _passes(program: Program, threads: Threads, each: Sequence[Sums]) -> bool:
    """Whether its queues keep nobody for ever, and nothing else uses them."""
    named = {
        node.name
        for block in (*_others(program, threads), program.main or ())
        for node in used(block, program.routines)
        if isinstance(node, Ref)
    }
    passings = [passing for sums in threads.values() for one in sums for passing in one.passings]
    named |= {node.ref.name for node in every_node(program, at_the_end=False) if isinstance(node, Query)}
    named |= {name for name, what in queried_at_the_end(program) if what not in _OF_ITEMS or left_in(name, passings)}
    return all(map(has_one_end, each)) and all(
        name not in named and fits(program, name, passings) for name in queues([each])
    )


def _by_place(updates: Iterable[Update]) -> Mapping[Place, list[Update]]:
    found: dict[Place, list[Update]] = {}
    for update in updates:
        found.setdefault(update.place, []).append(update)
    return found


def _seen_elsewhere(program: Program, threads: Threads) -> frozenset[str]:
    """The variables that others use before those threads have ended, or that claims look at in every state."""
    nodes = [
        *walk_all((program.claims.always, program.claims.reachable)),
        *(n for b in _others(program, threads) for n in used(b, program.routines)),
    ]
    return _shared(nodes) | _shared(_used_by_main(program, frozenset(threads)))


def _others(program: Program, threads: Threads) -> Iterator[ops.Block]:
    """What is done by the other threads, and by whoever opens a barrier."""
    yield from (group.body for group in program.groups if group.key not in threads)
    yield from barrier_actions(program)


def _used_by_main(program: Program, threads: frozenset[str]) -> Iterator[Node]:
    """What `main` uses before it has joined all of them."""
    left = set(threads)
    for op in program.main or ():
        if not left:
            return
        if isinstance(op, ops.Join) and op.ref.index is None:
            left -= threads if op.ref.name == "all" else {op.ref.name}
        yield from used(op, program.routines)


def _shared(nodes: Iterable[Node]) -> frozenset[str]:
    return frozenset(node.name for node in nodes if isinstance(node, Shared))


def _variables(updates: Iterable[Update]) -> frozenset[str]:
    return frozenset(update.place.variable for update in updates)


def _is_number(value: object, updates: Sequence[Update], bits: int) -> bool:
    """Whether it is an exact integer that stays within so many bits, which are far from the bound of integers."""
    return type(value) is int and (abs(value) + sum(int(update.bound) for update in updates)).bit_length() <= bits


def exclusive(program: Program, updates: Sequence[Update]) -> bool:
    """Whether from the read to the write of each update no other of the place can come in between."""
    locks = {primitive.name for primitive in program.primitives}  # a guard that is none is `WHOLE`, or the thread
    guards = frozenset.intersection(*(update.guards for update in updates))
    return any(declared_name(guard) not in locks or excludes(program, guard) for guard in guards)


# --- what is left -----------------------------------------------------------------------------------------


def _summed(var: Var, updates: Iterable[Update]) -> Var:
    """The variable with all that is added to it."""
    value: Any = deepcopy(var.value)
    for update in updates:
        if update.place.variable == var.name:
            value = added(value, update.place, int(update.added))
    return replace(var, value=value)


def _lines(program: Program, group: ThreadGroup) -> Iterator[int]:
    """Where the steps of a group and of its routines stand: each is reached by some thread."""
    for node in used(group.body, program.routines):
        if isinstance(node, ops.Op):
            yield from range(node.span.line, node.span.end_line + 1)


def _ways(threads: Threads) -> tuple[Way, ...]:
    every = [one for each in threads.values() for one in each]
    return tuple(ways(every, are_loops_closed=any(one.rounds for one in every)))


def _notes(threads: Threads) -> Iterator[Note]:
    for group, each in threads.items():
        yield AsUpdates(group, len(each), tuple(sorted(frozenset().union(*(one.rounds for one in each)))))
