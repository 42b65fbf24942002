"""What need not be searched, and why that is sound (docs/soundness.md): threads that are interchangeable."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from scenario.engines.explore.model import heap
from scenario.engines.explore.model.parts import SharedPart, ordered
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State, Successor
from scenario.program.ops import Join, Kill, Start
from scenario.program.program import Program, declared_name
from scenario.program.whole import every_node, threads_in_claims
from scenario.results import ways
from scenario.results.failures import Failure
from scenario.results.ways import Way
from scenario.syntax import Local, Ref


class Reduction(Protocol):
    """How a search uses less than the whole graph: `groups` are ranges of threads that change places."""

    ways: tuple[Way, ...]
    groups: Sequence[tuple[str, tuple[int, ...]]]

    @property
    def renamings(self) -> int: ...
    def canonical(self, state: State) -> State: ...
    def order(self, state: State) -> list[int]: ...
    def arranged(self, state: State, order: Sequence[int], /) -> State: ...
    def after(self, state: State, steps: Iterable[Successor], /) -> list[State]: ...
    def ranks(self, shared: int, /) -> Sequence[int]: ...
    def renamed(self, shared: int, order: tuple[int, ...], /) -> int: ...


class Unreduced:
    """Everything, as it is."""

    ways: tuple[Way, ...] = ()
    groups: Sequence[tuple[str, tuple[int, ...]]] = ()

    @property
    def renamings(self) -> int:
        """How many different ones states have needed so far."""
        return 0

    def canonical(self, state: State) -> State:
        return state

    def order(self, state: State) -> list[int]:
        """For each thread of the canonical state the thread of this one that it stands for."""
        return list(range(len(state) - 1))

    def arranged(self, state: State, _order: Sequence[int], /) -> State:
        """The canonical state, of which the order is known."""
        return state

    def after(self, _state: State, steps: Iterable[Successor], /) -> list[State]:
        """The canonical states to which the steps from a state lead."""
        return [step.state for step in steps]

    def ranks(self, _shared: int, /) -> Sequence[int]:
        """What orders threads with equal parts; nothing where the shared part stays the same, whoever is who."""
        return ()

    def renamed(self, shared: int, _order: tuple[int, ...], /) -> int:
        """The shared part's number where at place i stands the thread `order[i]`."""
        return shared


class Symmetry(Unreduced):
    """The members of a group that nothing tells apart: states that differ in who is who are one.

    A permutation of such threads is an automorphism of the transition relation (Ip and Dill, "Better
    verification through symmetry", 1996): sorting their parts, with their numbers in owners and queues
    renamed along, keeps every reachable value of what claims can see.
    """

    def __init__(self, stepper: Stepper) -> None:
        self.stepper = stepper
        self.groups = interchangeable(stepper.layout)
        self.ways = tuple(ways.Symmetry(name) for name, _ in self.groups)
        self._unchanged = list(range(len(stepper.layout.threads)))
        self._unranked = [0] * len(self._unchanged)
        self._renamed: dict[tuple[int, tuple[int, ...]], int] = {}
        self._ranks: dict[int, Sequence[int]] = {}
        self._ranks_where: dict[Hashable, Sequence[int]] = {}

    @property
    def renamings(self) -> int:
        return len(self._renamed)

    def order(self, state: State) -> list[int]:
        ranks = self.ranks(state[0]) or self._unranked
        order, places = self._unchanged.copy(), list(zip(state[1:], ranks, strict=True))
        for _, members in self.groups:
            order[members[0] : members[-1] + 1] = sorted(members, key=places.__getitem__)
        return order

    def after(self, state: State, steps: Iterable[Successor], /) -> list[State]:
        if not self.groups:
            return super().after(state, steps)
        alike, found = self._alike(state), []
        known: dict[tuple[int, int], State] = {}
        for thread, alternative, _, _, real in steps:
            way = alike[thread], alternative
            canonical = known.get(way)
            if canonical is None:
                canonical = known[way] = self.canonical(real)
            found.append(canonical)
        return found

    def _alike(self, state: State) -> Sequence[int]:
        """For each thread the first with the same part and the same rank: they can change places without another change."""
        ranks = self.ranks(state[0]) or self._unranked
        firsts = self._unchanged.copy()
        for _, members in self.groups:
            seen: dict[tuple[int, int], int] = {}
            for n in members:
                firsts[n] = seen.setdefault((state[1 + n], ranks[n]), n)
        return firsts

    def canonical(self, state: State) -> State:
        if not self.groups:
            return state
        return self.arranged(state, self.order(state))

    def arranged(self, state: State, order: Sequence[int], /) -> State:
        if order == self._unchanged:
            return state
        return (self.renamed(state[0], tuple(order)), *[state[1 + n] for n in order])

    def renamed(self, shared: int, order: tuple[int, ...], /) -> int:
        known = self._renamed.get((shared, order))
        if known is None:
            new = {old: i for i, old in enumerate(order)}
            renamed = rename(self.stepper.layout, self.stepper.shared[shared], new)
            known = self._renamed[shared, order] = self.stepper.shared.add(renamed)
        return known

    def ranks(self, shared: int, /) -> Sequence[int]:
        known = self._ranks.get(shared)
        if known is None:
            part = self.stepper.shared[shared]
            where = (part.objects, part.status, part.failed, part.errors, part.heap)
            known = self._ranks_where.get(where)
            if known is None:
                known = self._ranks_where[where] = () if self._is_indifferent(part) else self._ranked(part)
            self._ranks[shared] = known
        return known

    def _is_indifferent(self, part: SharedPart) -> bool:
        """Whether it stays the same under a swap and a rotation of each group, and so under every order of its members."""
        for _, members in self.groups:
            first, *others = members
            if any(part.status[n] != part.status[first] for n in others):
                return False
            swap, rotation = (others[0], first, *others[1:]), (*others, first)
            for order in (swap, rotation):
                new = {n: n for n in range(len(self.stepper.layout.threads))} | dict(zip(order, members, strict=True))
                if rename(self.stepper.layout, part, new) != part:
                    return False
        return True

    def _ranked(self, part: SharedPart) -> Sequence[int]:
        """By what the shared part says of each thread: with its own part, all that tells it from another."""
        layout, ranks = self.stepper.layout, self._unranked.copy()
        for _, members in self.groups:
            said = {n: roles(layout, part, n) for n in self.stepper.budget.each(members)}
            distinct = {role: rank for rank, role in enumerate(sorted(set(said.values())))}
            for n in members:
                ranks[n] = distinct[said[n]]
        return ranks


def roles(layout: Layout, shared: SharedPart, n: int) -> tuple[object, ...]:
    """Where the shared part names the thread: owners, places in queues, failures (comparable, no numbers of threads)."""
    found: list[object] = [shared.status[n]]
    named = (model.role(state, n) for model, state in zip(layout.models, shared.objects, strict=True))
    found += [role for role in named if role is not None]
    ref = layout.threads[n].ref
    found.append(tuple(sorted((failure.kind, failure.span) for failure in shared.failed if failure.thread == ref)))
    found.append(tuple(sorted(error[1:] for error in shared.errors if error[0] == n)))
    found.append(heap.roles(shared.heap, n))
    return tuple(found)


def rename(layout: Layout, shared: SharedPart, new: Mapping[int, int]) -> SharedPart:
    """The shared part with threads under their new numbers."""
    status = list(shared.status)
    for old, number in new.items():
        status[number] = shared.status[old]
    return shared._replace(
        objects=tuple(model.renamed(state, new) for model, state in zip(layout.models, shared.objects, strict=True)),
        status=tuple(status),
        failed=_failed(layout, shared, new) if shared.failed else shared.failed,
        errors=tuple(sorted((new[n], name, message, span) for n, name, message, span in shared.errors)),
        heap=heap.renamed(shared.heap, new),
    )


def _failed(layout: Layout, shared: SharedPart, new: Mapping[int, int]) -> tuple[Failure, ...]:
    refs = {layout.threads[old].ref: layout.threads[number].ref for old, number in new.items()}
    return ordered(
        replace(failure, thread=refs.get(ref := failure.thread or "", ref) or None) for failure in shared.failed
    )


def interchangeable(layout: Layout) -> list[tuple[str, tuple[int, ...]]]:
    """The groups that nothing tells apart, or that an explicit `main` takes as one; and the workers of pools."""
    program = layout.program
    alike = (layout.as_one if program.main is not None else alike_in(program)) | _workers_alike(layout)
    return [(key, members) for key, members in layout.groups.items() if key in alike]


def alike_in(program: Program) -> frozenset[str]:
    """The groups whose members use neither `index` nor `name`, and that nothing indexes or joins in order."""
    if _tells_apart(program):
        return frozenset()
    nodes = every_node(program)
    named = {n.ref.name for n in nodes if isinstance(n, Start | Join | Kill)}
    named |= {n.name for n in nodes if isinstance(n, Ref) and n.index is not None}
    claims = program.claims
    named |= {claim.thread.name for claim in claims.errors if claim.thread.index is not None}
    if claims.deadlock.threads is not None:
        named |= {declared_name(ref) for ref in claims.deadlock.threads}
    if "all" in named:
        return frozenset()
    return frozenset(group.key for group in program.groups if len(group.names) > 1 and group.key not in named)


def _workers_alike(layout: Layout) -> frozenset[str]:
    """The pools whose workers, which take their calls off one queue, differ in nothing that anybody asks for."""
    program = layout.program
    workers = {thread.group for thread in layout.threads if thread.pool is not None}
    if _tells_apart(program):
        return frozenset()
    return frozenset(group for group in workers - threads_in_claims(program) if len(layout.groups[group]) > 1)


def _tells_apart(program: Program) -> bool:
    """Whether any thread asks who it is."""
    return any(isinstance(node, Local) and node.name in ("index", "name") for node in every_node(program))
