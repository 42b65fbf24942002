"""A program that does all that the instances do, and maybe more: what it never does, none of them does.

A loop whose number of rounds depends on a param that is left open (any loop, where none is) goes round as often as it likes; and what
is added to variables that nothing reads is left out, since else there would be no end of values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from scenario.engines.explore.reductions.amounts import MAX_BITS, is_small
from scenario.program import ops
from scenario.program.bounded.limits import MAX_LENGTH
from scenario.program.claims import Claims
from scenario.program.open import Open, params_in, value_at
from scenario.program.places import changes
from scenario.program.program import Program
from scenario.program.walk import map_children, walk, walk_all
from scenario.program.whole import every_node
from scenario.source import Span
from scenario.syntax import (
    AugmentedAssign,
    Binary,
    Break,
    Builtin,
    Const,
    Continue,
    Expr,
    ListDisplay,
    Local,
    Node,
    Pass,
    Register,
    Shared,
    Unary,
)

N = TypeVar("N", bound=Node)

GOES_ON = Local("?")
"""No name of a file is like that."""


def abstracted(of: Open) -> Open | None:
    """That program, of any number of rounds; None where there is no such loop."""
    nodes = _steps(of.program)
    in_one_step = {inner.span for node in nodes if isinstance(node, ops.Atomic) for inner in walk(node)}
    rounds_of = {node.span: rounds for node in nodes if (rounds := _rounds(node, of)) is not None}
    loops = {span: rounds for span, rounds in rounds_of.items() if span not in in_one_step}
    if not loops:
        return None
    followed = {part.span for rounds in loops.values() for part in walk(rounds)}
    unread = unread_sums(of.program)

    def changed(node: N) -> N | ops.While | Pass:
        if isinstance(node, ops.Repeat | ops.For) and node.span in loops:
            loop: ops.Repeat | ops.For = map_children(node, changed)
            return _of_any_length(loop, is_never_passed=_is_never_passed(loop, rounds_of[node.span]))
        if isinstance(node, AugmentedAssign) and isinstance(node.target, Shared) and node.target.name in unread:
            followed.update(part.span for part in walk(node.value))
            return Pass(span=node.span)
        other: N = map_children(node, changed)
        return other

    program = _with_bodies(of.program, changed)
    values = {name: tree for name, tree in of.values.items() if name not in unread}
    followed |= {part.span for name, tree in of.values.items() if name in unread for part in walk(tree)}
    return replace(of, program=program, values=values, uses=of.uses - followed)


def _with_bodies(program: Program, changed: Callable[[ops.Op], ops.Op]) -> Program:
    """With each step of threads and routines as the function makes it."""
    return replace(
        program,
        groups=tuple(replace(group, body=tuple(map(changed, group.body))) for group in program.groups),
        routines={name: replace(one, body=tuple(map(changed, one.body))) for name, one in program.routines.items()},
    )


def without_asserts(of: Open, which: Callable[[ops.Assert], bool] = lambda _: True) -> Open:
    """The program that does not check these: a check changes nothing, and whoever leaves it out shows that it holds."""
    left_out = [one for one in asserts(of.program) if which(one) and not changes(one.test)]
    gone = {one.span for one in left_out}
    followed = {part.span for one in left_out for part in walk(one)}

    def changed(node: N) -> N | Pass:
        is_gone = isinstance(node, ops.Assert) and node.span in gone
        return Pass(span=node.span) if is_gone else map_children(node, changed)

    return replace(of, program=_with_bodies(of.program, changed), uses=of.uses - followed)


def asserts(program: Program) -> list[ops.Assert]:
    """Those of threads and routines."""
    return [node for node in _steps(program) if isinstance(node, ops.Assert)]


def _steps(program: Program) -> list[Node]:
    """All nodes of threads and routines."""
    bodies = (*(group.body for group in program.groups), *(routine.body for routine in program.routines.values()))
    return [*walk_all(bodies)]


def with_claims(of: Open, claims: Claims) -> Open:
    """The program of which only these are asked."""
    left = {node.span for node in walk_all(_asked(claims))}
    gone = {node.span for node in walk_all(_asked(of.program.claims))} - left
    return replace(of, program=replace(of.program, claims=claims), uses=of.uses - gone)


def _asked(claims: Claims) -> tuple[Node, ...]:
    return (*claims.final, *claims.always)


def _rounds(node: Node, of: Open) -> Expr | None:
    """How often a loop goes round, if that is open and told by nothing else, and nobody asks for the round."""
    match node:
        case ops.Repeat(times, _, target):
            pass
        case ops.For(target, Builtin("range", (times,), ())) if _is_short(times, of):
            pass
        case _:
            return None
    is_open = bool(params_in(times)) if of.least else True
    if not is_open or not _is_a_number(times) or (target is not None and _is_used(target, of.program)):
        return None
    return times


def _is_short(times: Expr, of: Open) -> bool:
    """Whether a range of so many is one that a file may have."""
    count = value_at(times, of.least) if _is_a_number(times) else None
    return isinstance(count, int) and count <= MAX_LENGTH


def _is_a_number(expr: Expr) -> bool:
    """Whether it is one that no value on the way to it keeps from being one: what is left out, or replaced, may not be the file's fault."""
    bits = sum(node.value.bit_length() for node in walk(expr) if isinstance(node, Const) and type(node.value) is int)
    return bits <= MAX_BITS and _is_of_numbers(expr)


def _is_of_numbers(expr: Expr) -> bool:
    match expr:
        case Const(value):  # a param too
            return type(value) is int
        case Binary("+" | "-" | "*", left, right):
            return _is_of_numbers(left) and _is_of_numbers(right)
        case _:
            return False


def _is_used(target: Expr, program: Program) -> bool:
    """Whether the loop's variable stands anywhere else, or is asked for in the end."""
    nodes = every_node(program)
    asked = {node.local for node in nodes if isinstance(node, Register)}
    return not isinstance(target, Local) or target.name in asked or sum(node == target for node in nodes) > 1


def _is_never_passed(loop: ops.Repeat | ops.For, rounds: Expr) -> bool:
    """Whether it surely goes round once, to the end of its body."""
    count = None if params_in(rounds) else value_at(rounds, {})
    return isinstance(count, int) and count > 0 and not any(isinstance(n, Continue) for n in walk_all(loop.body))


def _of_any_length(loop: ops.Repeat | ops.For, *, is_never_passed: bool) -> ops.While:
    """`is_never_passed`: it is left behind its body, so that none that stands in another goes round in it without a step."""
    span: Span = loop.span
    one_of = ListDisplay((Const(False, span=span), Const(True, span=span)), span=span)
    choice = ops.Choose(replace(GOES_ON, span=span), one_of, span=span)
    no_more = Unary("not", replace(GOES_ON, span=span), span=span)
    leave = ops.If(((no_more, (Break(span=span),)),), span=span)
    body = (*loop.body, choice, leave) if is_never_passed else (choice, leave, *loop.body)
    return ops.While(Const(True, span=span), body, span=span)


def unread_sums(program: Program) -> frozenset[str]:
    """Numbers to which whole numbers are added, and with which nothing else is done."""
    adds = [node for node in every_node(program) if _adds(node)]
    of_adds = [
        node.target.name for node in adds if isinstance(node, AugmentedAssign) and isinstance(node.target, Shared)
    ]
    every = [node.name for node in every_node(program) if isinstance(node, Shared)]
    numbers = {var.name for var in program.vars if is_small(var.value)}
    observed = program.claims.observe is not None or program.claims.outcomes is not None
    return frozenset(name for name in numbers if not observed and 0 < every.count(name) == of_adds.count(name))


def _adds(node: Node) -> bool:
    return isinstance(node, AugmentedAssign) and node.operator in ("+", "-") and _is_a_number(node.value)
