"""What the rules ask about a program: its threads and other starting points, each walked once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from scenario.lint.access import Access
from scenario.lint.objects import LockKey
from scenario.lint.order import Order
from scenario.lint.roots import Role, Root
from scenario.lint.visits import Visit
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Barrier, ProcessPool, Program, ThreadPool, thread_ref
from scenario.program.walk import walk, walk_all
from scenario.syntax import Assign, AugmentedAssign, Local, Node, Ref, Subscript

Elsewhere: TypeAlias = dict[str, tuple[Role, str]]

MEMBERS = 5
"""Members of a group that are walked one by one where elements of an array depend on `index`."""


class Facts:
    """A program as the rules see it; everything is computed when it is first asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        return tuple(self._roots())

    @cached_property
    def roots_of_their_own(self) -> tuple[Root, ...]:
        """Those that have a stack of their own."""
        return tuple(root for root in self.roots if not root.is_inside)

    def _roots(self) -> Iterator[Root]:
        program = self.program
        if program.main is not None:
            yield Root(program, "main", program.main, 1)
        for group in program.groups:
            members = len(group.names)
            if members > 1 and self._differ(group.body):
                for index in range(min(members, MEMBERS)):
                    yield Root(program, group.key, group.body, 1, name=thread_ref(group, index), index=index)
            elif members:
                yield Root(program, group.key, group.body, members, index=0 if members == 1 else None)
        for name, (role, barrier) in sorted(self._run_elsewhere().items()):
            count = 2 if role in ("call", "callback", "initializer") else 1
            yield Root(program, name, program.routines[name].body, count, role, barrier=barrier)

    def _differ(self, body: Block) -> bool:
        """Whether the members of a group use other elements, values or branches, by their `index`."""
        bodies = (body, *(routine.body for routine in self.program.routines.values()))
        for node in walk_all(bodies):
            match node:
                case Ref(index=index) if index is not None:
                    return True
                case Assign() | AugmentedAssign() | Subscript() | ops.CallRoutine() if _uses_index(node):
                    return True
                case ops.If(branches=branches) if any(_uses_index(test) for test, _ in branches):
                    return True
        return False

    def _run_elsewhere(self) -> Elsewhere:
        """Routines that pools, barriers, futures and interrupts run: how, and of which barrier."""
        found: Elsewhere = {}
        for primitive in self.program.primitives:
            for kind in primitive.elements:
                match kind:
                    case Barrier(action=str(action)):
                        found.setdefault(action, ("action", primitive.name))
                    case ThreadPool(initializer=str(initializer)) | ProcessPool(initializer=str(initializer)):
                        found.setdefault(initializer, ("initializer", ""))
        found |= {node.routine: ("call", "") for node in self.nodes if isinstance(node, ops.Submit | ops.Map)}
        found |= {node.routine: ("callback", "") for node in self.nodes if isinstance(node, ops.AddDoneCallback)}
        found |= {one.routine: ("interrupt", "") for one in self.program.interrupts}
        return {name: how for name, how in found.items() if name in self.program.routines}

    @cached_property
    def started(self) -> frozenset[str]:
        """The keys of the threads that take part: all, where `main` is not explicit or starts `all`."""
        started = {node.ref.name for node in self.nodes if isinstance(node, ops.Start)}
        everything = frozenset(group.key for group in self.program.groups)
        return everything if self.program.main is None or "all" in started else everything & started

    def uses(self, name: str, *kinds: type[Node]) -> Iterator[tuple[Root, Visit]]:
        """The visits of operations of these kinds on a primitive, with their thread."""
        for root in self.roots:
            for visit in root.walk.visits:
                ref = getattr(visit.op, "ref", None)
                if isinstance(visit.op, kinds) and ref is not None and ref.name == name:
                    yield root, visit

    def takes_part(self, root: Root) -> bool:
        return root.role != "thread" or root.key == "main" or root.key in self.started

    @cached_property
    def shared(self) -> dict[str, list[tuple[int, Access]]]:
        """By variable: each access of a thread that takes part, with the thread's number in `roots`."""
        found: dict[str, list[tuple[int, Access]]] = {}
        for number, root in enumerate(self.roots):
            if self.takes_part(root) and not root.is_inside:
                for access in root.accesses.all:
                    found.setdefault(access.place.name, []).append((number, access))
        return found

    @cached_property
    def lifetimes(self) -> Order:
        """What of the threads is over before others begin."""
        return Order(self.roots, lifetimes=True)

    @cached_property
    def _signals(self) -> frozenset[str]:
        found = set()
        for root in filter(self.takes_part, self.roots):
            for visit in root.walk.visits:
                key = root.walk.objects.key(visit.op.ref) if isinstance(visit.op, ops.Release) else None
                if key is not None and key not in visit.held.maybe:
                    found.add(key.name)
        return frozenset(found)

    def is_signal(self, key: LockKey) -> bool:
        """Whether somebody gives it back who has not taken it, or another element of its array: it guards nothing."""
        return key.name in self._signals

    @cached_property
    def order(self) -> Order:
        """What may order the threads' accesses."""
        return Order(self.roots)

    @cached_property
    def bodies(self) -> tuple[Block, ...]:
        program = self.program
        routines = tuple(routine.body for routine in program.routines.values())
        return (*((program.main,) if program.main else ()), *(group.body for group in program.groups), *routines)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of every body."""
        return tuple(walk_all(self.bodies))

    @cached_property
    def shows_a_bug(self) -> bool:
        """Whether the file says itself that it goes wrong: the rules for bugs have nothing to add."""
        claims = self.program.claims
        return bool(
            claims.fails is not None
            or claims.deadlock.mode != "never"
            or claims.livelock != "never"
            or claims.errors
            or claims.outcomes
        )

    @cached_property
    def has_pool(self) -> bool:
        return any(isinstance(kind, ThreadPool) for p in self.program.primitives for kind in p.elements)


def _uses_index(node: Node) -> bool:
    return any(isinstance(part, Local) and part.name == "index" for part in walk(node))
