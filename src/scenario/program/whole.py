"""Questions about a whole program that decide what its steps are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from scenario.program import ops
from scenario.program.claims import Claim
from scenario.program.ops import Block, Join, JoinQueue, Kill, Start, TaskDone
from scenario.program.program import (
    Barrier,
    Condition,
    Primitive,
    Program,
    Queue,
    Routine,
    ThreadPool,
    declared_name,
    thread_ref,
)
from scenario.program.walk import walk_all
from scenario.syntax import Node, OwnFuture, Query

_Running: TypeAlias = ops.CallRoutine | ops.Submit | ops.Map | ops.AddDoneCallback

CALLS: tuple[type[_Running], ...] = (ops.CallRoutine,)
RUNS: tuple[type[_Running], ...] = (ops.CallRoutine, ops.Submit, ops.Map, ops.AddDoneCallback)
"""What has a routine run, at once or later, by whoever does it or by others."""


def bodies(program: Program) -> tuple[Block, ...]:
    """Every block of the program: main's, the threads', the routines'."""
    routines = (routine.body for routine in program.routines.values())
    return (program.main or (), *(group.body for group in program.groups), *routines)


def barrier_actions(program: Program) -> tuple[Block, ...]:
    """What whoever opens a barrier does there: the routines of the file that are run so."""
    kinds = (kind for primitive in program.primitives for kind in primitive.elements)
    names = [kind.action for kind in kinds if isinstance(kind, Barrier) and kind.action is not None]
    return tuple(program.routines[name].body for name in names if name in program.routines)


def kinds(program: Program) -> dict[str, Primitive]:
    """The primitives by name."""
    return {primitive.name: primitive for primitive in program.primitives}


def lock_name(program: Program, name: str) -> str:
    """The lock under a condition; any other primitive is itself. Elements of an array are of one kind."""
    primitive = kinds(program).get(name)
    kind = next(iter(primitive.elements), None) if primitive is not None else None
    return kind.lock[0] if isinstance(kind, Condition) and kind.lock is not None else name


def called(tree: object, routines: Mapping[str, Routine], by: tuple[type[_Running], ...] = CALLS) -> dict[str, Routine]:
    """The routines that a tree may come to, by name: those that it calls, that these call, and so on."""
    found: dict[str, Routine] = {}
    left = [tree]
    while left:
        names = {node.routine for node in walk_all(left.pop()) if isinstance(node, by)}
        new = {name: routines[name] for name in sorted(names & routines.keys() - found.keys())}
        found |= new
        left += [routine.body for routine in new.values()]
    return found


def with_called(
    tree: object, routines: Mapping[str, Routine], by: tuple[type[_Running], ...] = CALLS
) -> tuple[object, ...]:
    """A tree, and the bodies of the routines that it may come to."""
    return (tree, *(routine.body for routine in called(tree, routines, by).values()))


def used(tree: object, routines: Mapping[str, Routine], by: tuple[type[_Running], ...] = CALLS) -> Iterator[Node]:
    """All nodes of a tree and of the routines that it may come to."""
    return walk_all(with_called(tree, routines, by))


def every_node(program: Program, *, at_the_end: bool = True) -> list[Node]:
    """All nodes of a program's bodies and claims; `at_the_end`: of those over a final state, too."""
    in_states = (program.claims.always, program.claims.reachable)
    return [*walk_all(bodies(program)), *walk_all(in_states), *(final_nodes(program) if at_the_end else ())]


def final_nodes(program: Program) -> Iterator[Node]:
    """All nodes of the claims over a final state."""
    claims = program.claims
    return walk_all((claims.final, claims.sometimes, claims.observe or (), claims.outcomes or ()))


def queried_at_the_end(program: Program) -> list[tuple[str, str]]:
    """Which (object or thread, attribute) the claims over a final state ask for; "future": one of the scenario's own, as a value."""
    nodes = list(final_nodes(program))
    asked = [(node.ref.name, node.attribute) for node in nodes if isinstance(node, Query)]
    own = [(node.ref.name, "future") for node in nodes if isinstance(node, OwnFuture)]
    return list(dict.fromkeys((*asked, *own)))


def threads_in_claims(program: Program) -> set[str]:
    """The threads, as a group where they are one, of which claims say how they end or that they are stuck."""
    claims = program.claims
    return {claim.thread.name for claim in claims.errors} | set(map(declared_name, claims.deadlock.threads or ()))


def has_thread_pools(program: Program) -> bool:
    """Whether the end of `main` closes something."""
    return any(isinstance(kind, ThreadPool) for primitive in program.primitives for kind in primitive.elements)


def counts_tasks(program: Program) -> bool:
    """Whether anything asks a queue for its unfinished tasks: where nothing does, puts and gets alone come back to where they were."""
    return any(
        isinstance(node, TaskDone | JoinQueue) or (isinstance(node, Query) and node.attribute == "unfinished_tasks")
        for node in every_node(program)
    )


def main_starts_all(program: Program) -> bool:
    """Whether no thread, nor a routine that may be anybody's, starts threads: only `main` itself."""
    others = (*(group.body for group in program.groups), *(routine.body for routine in program.routines.values()))
    return not any(isinstance(node, Start) for node in walk_all(others))


def has_started_all(program: Program) -> bool:
    """Whether every thread has been started once `main` has come to its end, by steps that none in it passes over."""
    started = {op.ref.name for op in program.main or () if isinstance(op, Start) and op.ref.index is None}
    return program.main is None or "all" in started or started.issuperset(group.key for group in program.groups)


def tells_beginnings(program: Program) -> bool:
    """Whether a thread, or a claim, may tell that a default `main` starts one after the other: from outside all begin at once."""
    return program.main is None and tells_lives(program)


def tells_lives(program: Program) -> bool:
    """Whether anything starts or joins a thread, or asks how one fares."""
    return any(
        isinstance(node, Start | Join) or (isinstance(node, Query) and node.attribute in _OF_A_LIFE)
        for node in every_node(program)
    )


_OF_A_LIFE = ("is_alive", "alive", "blocked")


def _flushes(program: Program) -> bool:
    """Whether a process may end otherwise than with its last step: killed, or once its feeders have handed over what it has put."""
    of_queues = any(isinstance(kind, Queue) for primitive in program.primitives for kind in primitive.elements)
    return program.runtime == "multiprocessing" and (
        of_queues or any(isinstance(node, Kill) for node in every_node(program))
    )


def ends_are_steps(program: Program) -> bool:
    """Whether the end of a thread is a step of its own: something may depend on when it comes."""
    if has_thread_pools(program) or any(group.daemon for group in program.groups) or _flushes(program):
        return True
    return any(
        (isinstance(node, Query) and node.attribute in ("is_alive", "alive"))
        or (isinstance(node, Join) and node.timeout is not None)
        for node in every_node(program)
    )


def named(program: Program, claims: Iterable[Claim]) -> tuple[str, ...]:
    """The shared variables and objects that claims name, and the threads by their refs: all of a group that is named."""
    names = {name for claim in claims for name in claim.about()}
    groups = (group for group in program.groups if group.key in names)
    members = {thread_ref(group, index) for group in groups for index in range(len(group.names))}
    return tuple(sorted(names | members))
