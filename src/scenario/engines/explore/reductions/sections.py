"""Locks that whoever has them gives back by himself: nobody waits for ever at one, and its holders are never seen on the way.

Lipton ("Reduction", 1975) calls what stands between taking and giving back one action, under conditions that a looser form
loses: with two locks taken in both orders each section blocks in its middle, and a deadlock would be hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import assert_never

from scenario import syntax
from scenario.engines.explore.reductions.amounts import Outside, amount, nothing
from scenario.engines.explore.reductions.polynomials import Polynomial, constant
from scenario.program import ops
from scenario.program.program import (
    BoundedSemaphore,
    Condition,
    Kind,
    Lock,
    Program,
    RLock,
    Routine,
    Semaphore,
    declared_name,
    element_name,
    index_of,
)
from scenario.program.walk import children, walk_all
from scenario.program.whole import every_node
from scenario.record import record
from scenario.syntax import Local, Node, Ref


def given_back(program: Program, *, elements: bool = False) -> frozenset[str]:
    """The locks and semaphores of which all that is done is `with`, whose bodies run through to their ends.

    Those that are taken inside another's section come first: a section that takes what may block is none. `elements`: those of
    arrays too, as `locks[0]`, in a program that has as many threads and elements as it says.
    """
    seen = count()
    sections = {name: [_Body(body) for body in bodies] for name, bodies in _sections(program).items()}
    sections |= _sections_of_elements(program, seen) if elements else {}
    found: frozenset[str] = frozenset()
    while sections:
        before = found
        for name in sorted(sections, reverse=True):  # most have the last of several inside
            inside = frozenset({name})
            if all(
                _Section(program, found, body.index, seen).runs_through(body.steps, inside) for body in sections[name]
            ):
                found |= {name}
                del sections[name]
        if found == before:
            break
    return found


def taken_in_sections(program: Program) -> frozenset[str]:
    """The locks and semaphores of which all that is done is `with`, arrays of them too."""
    return frozenset(_sections(program, arrays=True))


def excludes(program: Program, name: str) -> bool:
    """Whether one thread at a time is inside the sections of it."""
    return all(
        isinstance(kind, Lock | RLock | Condition)
        or (isinstance(kind, Semaphore | BoundedSemaphore) and kind.value == 1)
        for kind in _kinds(program, name)
    )


def element_of(program: Program, ref: Ref, known: Mapping[str, Polynomial]) -> str | None:
    """The lock that is meant, as `locks[2]` if it is one of several; None: not known, or there is none. `known`: of the locals."""
    if ref.index is None:
        return ref.name
    try:
        which, many = amount(ref.index, known, nothing).value, len(_kinds(program, ref.name))
    except Outside:
        return None
    if which is None or which != int(which) or not -many <= which < many:
        return None
    return element_name(ref.name, int(which) % many)


def lets_in_again(program: Program, name: str) -> bool:
    """Whether a thread that has it gets in once more."""
    return all(isinstance(kind, RLock | Condition) for kind in _kinds(program, name))


def _sections(program: Program, *, arrays: bool = False) -> dict[str, list[ops.Block]]:
    """The bodies of the sections of each lock that is used in no other way: not tried, timed, asked, released or waited on.

    It may be asked at the end, when it is as it was at the beginning. `arrays`: also of those that have elements, which may be
    one lock or several.
    """
    nodes = every_node(program, at_the_end=False)
    used = [node.name for node in nodes if isinstance(node, Ref)]
    shared = {
        kind.lock[0] for p in program.primitives for kind in p.elements if isinstance(kind, Condition) and kind.lock
    }
    found = {}
    for primitive in program.primitives:
        name = primitive.name
        bodies = [node.body for node in nodes if isinstance(node, ops.With) and node.ref.name == name]
        is_lock = _may_be_taken(primitive.elements) and name not in shared
        if is_lock and (arrays or not primitive.is_array) and len(bodies) == used.count(name):
            found[name] = bodies
    return found


def _may_be_taken(kinds: Iterable[Kind]) -> bool:
    """Whether it is a lock that is free before the first step, a condition's own too."""
    return all(
        isinstance(kind, Lock | RLock)
        or (isinstance(kind, Semaphore | BoundedSemaphore) and kind.value >= 1)
        or (isinstance(kind, Condition) and kind.lock is None)
        for kind in kinds
    )


@record
class _Body:
    """What is done inside, by the thread with that number in its group; None: by several, or one that has none."""

    steps: ops.Block
    index: int | None = None


MOST_ELEMENTS = 200
"""Of an array of locks; each is looked at by itself."""


def _sections_of_elements(program: Program, seen: Iterator[int]) -> dict[str, list[_Body]]:
    """The same of each element of an array, where all who take some say which, and that is soon seen."""
    arrays = {primitive.name for primitive in program.primitives if primitive.is_array}
    arrays &= _sections(program, arrays=True).keys()
    found: dict[str, list[_Body]] = {}
    for body in (*_bodies_of_members(program), _Body(program.main or ()), *map(_body_of, program.routines.values())):
        for node in walk_all(body.steps):
            if next(seen) > MOST:
                return {}
            if isinstance(node, ops.With) and node.ref.name in arrays:
                name = element_of(program, node.ref, known_of(body.index))
                if name is None or len(_kinds(program, node.ref.name)) > MOST_ELEMENTS:
                    arrays.discard(node.ref.name)
                else:
                    found.setdefault(name, []).append(_Body(node.body, body.index))
    return {name: bodies for name, bodies in found.items() if declared_name(name) in arrays}


def _body_of(routine: Routine) -> _Body:
    return _Body(routine.body)


def _bodies_of_members(program: Program) -> Iterator[_Body]:
    """What each thread does; what does not depend on its number, once for all of a group."""
    for group in program.groups:
        counts = any(isinstance(node, Local) and node.name == "index" for node in walk_all(group.body))
        yield from (_Body(group.body, i) for i in (range(len(group.names)) if counts else (None,)))


def known_of(index: int | None) -> dict[str, Polynomial]:
    """What a thread with that number knows."""
    return {} if index is None else {"index": constant(index)}


MOST = 200_000
"""Steps that are looked at, of all sections, a second's work: routines that call each other may have more of them than anybody can."""


@record
class _Section:
    """What is known of the locks that may be taken inside: `free` are those that are given back; `index`: of whom; `seen` counts the steps."""

    program: Program
    free: frozenset[str]
    index: int | None
    seen: Iterator[int]

    def runs_through(self, body: ops.Block, inside: frozenset[str]) -> bool:
        """Whether a thread in the body comes to its end by itself, however it is left."""
        return all(self._goes_on(op, inside) for op in body)

    def _goes_on(self, op: ops.Op, inside: frozenset[str]) -> bool:
        """The step neither waits nor goes round for ever. `inside`: the locks that are held, whose sections are looked at."""
        if next(self.seen) > MOST:
            return False
        match op:
            case (
                syntax.Assign() | syntax.AugmentedAssign() | syntax.Delete() | syntax.Evaluate() | syntax.Break()
                | syntax.Continue() | syntax.Pass() | syntax.Return() | syntax.Reraise()
                | ops.Print() | ops.Mark() | ops.Sleep() | ops.Compute() | ops.Raise() | ops.Assert() | ops.Choose()
            ):  # fmt: skip
                return True
            case ops.With(ref):
                taken = element_of(self.program, ref, known_of(self.index))
                if taken is None:
                    return False
                if taken in inside:  # a second time: an RLock lets its owner in, nothing else does
                    return lets_in_again(self.program, taken) and self._blocks_go_on(op, inside)
                return taken in self.free and self._blocks_go_on(op, inside | {taken})
            case ops.CallRoutine(routine):
                called = f"call {routine}"  # in the middle of itself it may call itself for ever
                body = self.program.routines[routine].body
                return called not in inside and self.runs_through(body, inside | {called})
            case ops.If() | ops.Repeat() | ops.For() | ops.Try() | ops.Expect() | ops.Atomic():
                return self._blocks_go_on(op, inside)
            case (
                ops.Operation() | ops.Start() | ops.Join() | ops.CancelTimer() | ops.Submit() | ops.Map() | ops.Result()
                | ops.SetResult() | ops.SetException() | ops.SetRunning() | ops.AddDoneCallback()
                | ops.CancelFuture() | ops.WaitFutures() | ops.AsCompleted() | ops.ShutdownPool() | ops.CallPython()
                | ops.While() | ops.Await() | ops.CancelThread() | ops.Timeout() | ops.Kill()
            ):  # fmt: skip
                return False
            case _:
                assert_never(op)

    def _blocks_go_on(self, op: Node, inside: frozenset[str]) -> bool:
        return all(self._goes_on(step, inside) for step in _steps_in(op))


def _steps_in(node: Node) -> Iterator[ops.Op]:
    """The steps that stand directly in the blocks of a step."""
    for child in children(node):
        if isinstance(child, ops.Handler):
            yield from child.body
        elif isinstance(child, ops.Op):
            yield child


def _kinds(program: Program, name: str) -> tuple[Kind, ...]:
    """Of the lock with this name: one, or of an array as a whole all of its elements."""
    elements = next(one.elements for one in program.primitives if one.name == declared_name(name))
    return elements if declared_name(name) == name else (elements[index_of(name)],)
