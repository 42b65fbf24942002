"""Closed forms: where all that threads do is to add, every execution has one end, and it is a polynomial in the params.

docs/soundness.md, "For all values", says why: no thread waits for ever and none fails, whatever the params are; whoever adds excludes
all others from the read to the write; nothing is looked at before all have ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from scenario.engines.explore.coverability.any_rounds import asserts, without_asserts
from scenario.engines.explore.forall.ends import Ends, Group
from scenario.engines.explore.forall.least import by_total
from scenario.engines.explore.forall.meanwhile import Meanwhile
from scenario.engines.explore.forall.truths import Truths
from scenario.engines.explore.reductions.amounts import OpenParam, Outside, Own, Place, amount, nothing
from scenario.engines.explore.reductions.ending import tells_when
from scenario.engines.explore.reductions.pairs import as_sections
from scenario.engines.explore.reductions.polynomials import ZERO, Polynomial, constant
from scenario.engines.explore.reductions.queues import has_one_end, queues, room_of
from scenario.engines.explore.reductions.reader import open_sums
from scenario.engines.explore.reductions.reduced import exclusive
from scenario.engines.explore.reductions.sections import given_back, taken_in_sections
from scenario.engines.explore.reductions.shortened import only_starts_and_joins
from scenario.engines.explore.reductions.tally import Lowest
from scenario.engines.explore.reductions.updates import Update
from scenario.program import ops
from scenario.program.claims import NEVER, Claim
from scenario.program.open import Open, value_at
from scenario.program.program import BoundedSemaphore, Kind, Primitive, Program, Semaphore, ThreadGroup
from scenario.program.walk import walk, walk_all
from scenario.program.whole import used
from scenario.record import record
from scenario.results.for_all import Answer, Proved, Reason, Refuted
from scenario.results.for_all import Outside as Unknown
from scenario.source import Span
from scenario.steps.lower.printing import is_harmless
from scenario.syntax import Expr, FutureQuery, Node, Now, Param, Query, Register, Shared, TlsField

POINTS, SECONDS = 2_000, 2.0
"""Values of the params for which the end is computed, to find the least for which a claim is false, and how long that may take."""


class Beyond(Exception):
    """What no closed form is known for."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def by_closed_forms(program: Open) -> Answer:
    """Where all that threads do is to add, what is left in the end is a polynomial in the params."""
    try:
        ends = ends_of(without_asserts(program), is_sure=False)
    except Beyond as beyond:
        return Unknown(beyond.reasons)
    claims = (*program.program.claims.final, *program.program.claims.sometimes)
    truths = Truths(ends)
    unsure = [claim for claim in claims if not truths.hold(claim.expr)]
    meanwhile = Meanwhile(ends)
    on_the_way = [Reason("claim", one.span) for one in program.program.claims.always if not meanwhile.hold(one.expr)]
    on_the_way += [Reason("step", one.span) for one in asserts(program.program) if not meanwhile.hold(one.test)]
    if on_the_way:
        return Unknown((*(Reason("claim", claim.span) for claim in unsure), *on_the_way))
    if not unsure:
        return Proved(ends.ways)
    at = _first_false(ends, unsure)
    return Refuted(at) if at is not None else Unknown(tuple(Reason("claim", claim.span) for claim in unsure))


# --- what a file must be -------------------------------------------------------------------------------


def ends_of(program: Open, *, is_sure: bool) -> Ends:
    """What is left in the end of every execution, for all values. Raises Beyond where there may be more than one end.

    `is_sure`: that no step fails and nobody waits for ever at a lock is shown in another way.
    """
    _suited(program)
    return _Reading(program, {OpenParam(name): value for name, value in program.least.items()}, is_sure).ends()


def _suited(of: Open) -> None:
    """That every execution ends, and that nothing but its end is asked for. Raises Beyond."""
    program, claims = of.program, of.program.claims
    asked = (*claims.reachable, *claims.errors, *(row.when for row in claims.outcomes or ()))
    if asked:
        raise Beyond(*(Reason("claim", one.span) for one in asked))
    if claims.order or claims.output or claims.fails is not None or claims.elapsed or claims.outcomes is not None:
        raise Beyond(Reason("claim", claims.at))
    if claims.deadlock != NEVER or claims.livelock != "never":
        raise Beyond(Reason("claim", claims.at))
    if tells_when(program):
        raise Beyond(Reason("settings"))
    if program.main is not None and not _is_plain_main(program):
        raise Beyond(Reason("step", program.main[0].span if program.main else claims.at))


def _is_plain_main(program: Program) -> bool:
    """Whether `main` starts all, joins, and prints lines that can surely be made."""
    prints = [op for op in program.main or () if isinstance(op, ops.Print)]
    return only_starts_and_joins(program) and all(is_harmless(program, op.text) for op in prints)


@record
class _Reading:
    """A program to be read as what its threads add."""

    of: Open
    lowest: Lowest
    is_sure: bool

    def ends(self) -> Ends:
        """Raises Beyond."""
        program = as_sections(replace(self.of.program, primitives=tuple(self._for_any_size())))
        free = taken_in_sections(program) if self.is_sure else given_back(program)
        ends = Ends(self.of, tuple(self._group(program, group, free) for group in program.groups), self.lowest)
        self._check_queues(program, ends)
        self._check_values(ends)
        for place, updates in _by_place(ends).items():
            self._check_place(program, ends, place, updates)
        self._check_uses()
        return ends

    def _for_any_size(self) -> Iterator[Primitive]:
        """The primitives: of a semaphore of any size, one that lets in some and not only one, if it surely lets in any."""
        for primitive in self.of.program.primitives:
            value = self.of.arguments.get(primitive.name, {}).get("value")
            yield (
                primitive
                if value is None
                else replace(
                    primitive,
                    elements=tuple(_sized(kind, 2 if self._is_positive(value) else 0) for kind in primitive.elements),
                )
            )

    def _is_positive(self, tree: Expr) -> bool:
        try:
            return amount(tree, {}, nothing).is_never_below(1, self.lowest)
        except Outside:
            return False

    def _group(self, program: Program, group: ThreadGroup, free: frozenset[str]) -> Group:
        tree = self.of.counts.get(group.key)
        count = constant(len(group.names)) if tree is None else self._number(tree)
        if not count.is_never_below(0, self.lowest):
            raise Beyond(Reason("use", group.span if tree is None else tree.span))
        try:
            many = count if group.is_group else None
            return Group(open_sums(program, group, many, free, self.lowest, is_sure=self.is_sure), count)
        except Outside as outside:
            raise Beyond(Reason("step", outside.span)) from None

    def _number(self, tree: Expr) -> Polynomial:
        try:
            return amount(tree, {}, nothing)
        except Outside:
            raise Beyond(Reason("use", tree.span)) from None

    def _check_queues(self, program: Program, ends: Ends) -> None:
        """That no queue keeps anybody for ever (`reductions/queues.py` has the argument, for each values of the params)."""
        if not all(has_one_end(group.sums) for group in ends.groups):
            raise Beyond(Reason("deadlock"))
        for name in queues([[group.sums for group in ends.groups]]):
            passings = [p for group in ends.groups for p in group.sums.passings if p.queue == name]
            left = sum((p.count if p.puts else -p.count for p in passings), ZERO)
            if not left.is_never_below(0, self.lowest) or not self._has_room(program, name, left):
                raise Beyond(Reason("deadlock", name=name))

    def _has_room(self, program: Program, name: str, left: Polynomial) -> bool:
        """Whether the queue surely takes as many: one of size 0, or less, takes any number."""
        room, size = room_of(program, name), self.of.arguments.get(name, {}).get("maxsize")
        if room is None or (size is None and room <= 0):
            return room is not None
        return ((constant(room) if size is None else self._number(size)) - left).is_never_below(0, self.lowest)

    def _check_values(self, ends: Ends) -> None:
        """That a variable which a thread names, in a line say, is of one kind for all values. Raises Beyond."""
        program = self.of.program
        bodies = [*(group.body for group in program.groups), program.main or ()]
        named = {node.name for body in bodies for node in used(body, program.routines) if isinstance(node, Shared)}
        for name, tree in self.of.values.items():
            if name in named and not ends.is_number(name) and not ends.is_list(name):
                raise Beyond(Reason("use", tree.span))

    def _check_place(self, program: Program, ends: Ends, place: Place, updates: list[Update]) -> None:
        """That what is added is added to a number, with nobody in between. Raises Beyond."""
        try:
            if isinstance(place.key, Own):
                _, length = ends.elements(place.variable)
                others = [other for other, _ in ends.changes(place.variable) if other.place != place]
                counts = [count for _, count in ends.changes(place.variable)]
                fits = not others and all((length - count).is_never_below(0, self.lowest) for count in counts)
            else:
                ends.first(place)
                fits = True
        except Outside:
            fits = False
        if not fits or not exclusive(program, updates):
            raise Beyond(Reason("place", name=place.variable))

    def _check_uses(self) -> None:
        """That each place which depends on a param was looked at: what primitives are made with where they are used."""
        of, program = self.of, self.of.program
        sizes = [tree for given in of.arguments.values() for tree in given.values()]
        claims = program.claims
        trees: tuple[object, ...] = (
            tuple(of.counts.values()), tuple(of.values.values()), tuple(sizes), program.main or (),
            claims.final, claims.sometimes, claims.always, claims.observe or (),
        )  # fmt: skip
        followed = {
            *_params(walk_all(trees)),
            *(s for group in program.groups for s in _params(used(group.body, program.routines))),
        }
        if left := sorted(of.uses - followed):
            raise Beyond(*(Reason("use", span) for span in left))


def _params(nodes: Iterator[Node]) -> Iterator[Span]:
    return (node.span for node in nodes if isinstance(node, Param))


def _sized(kind: Kind, value: int) -> Kind:
    return replace(kind, value=value) if isinstance(kind, Semaphore | BoundedSemaphore) else kind


def _by_place(ends: Ends) -> Mapping[Place, list[Update]]:
    found: dict[Place, list[Update]] = {}
    for group in ends.groups:
        for update in group.sums.updates:
            found.setdefault(update.place, []).append(update)
    return found


# --- what a claim is ------------------------------------------------------------------------------------


def _first_false(ends: Ends, claims: list[Claim]) -> Mapping[str, int] | None:
    """The least values for which one of the claims is false in the end, if they are among those that are tried."""
    if any(isinstance(node, _NOT_VALUES) for claim in claims for node in walk(claim.expr)):
        return None
    until = time.monotonic() + SECONDS
    try:
        for values in islice(by_total(ends.of.least), POINTS):
            shared = ends.shared(values)
            if not all(value_at(claim.expr, values, shared) for claim in claims):
                return values
            if time.monotonic() > until:
                break
    except Outside:  # so far out that a file may not go there
        pass
    return None


_NOT_VALUES = (Query, FutureQuery, Register, TlsField, Now)
