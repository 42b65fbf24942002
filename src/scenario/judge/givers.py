"""Who could have ended a wait, and what has become of them: the dead producer of a queue that stays empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, get_args

from scenario.program import ops
from scenario.program.program import Program, element_name, thread_ref
from scenario.program.whole import used
from scenario.results.outcome import ThreadError
from scenario.results.waiting import Blocked, Giver, Wait
from scenario.syntax import Const, Ref

_ENDED = frozenset(kind for op in get_args(ops.Op) if issubclass(op, ops.Act) for kind in op.ends)
"""The kinds of wait that some operation may end."""

Sizes: TypeAlias = Mapping[str, int]
"""How many elements each array has."""


def givers(
    program: Program,
    blocked: Sequence[Blocked],
    errors: Mapping[str, ThreadError],
    over: Iterable[str],
    going: Iterable[str] = (),
) -> Iterator[Giver]:
    """Of each wait, the threads whose steps could have ended it, in file order; only of those whose fate is known.

    A thread that waits is among them, where it would end others' waits of the same kind.
    """
    stuck = {one.thread for one in blocked}
    sizes = {primitive.name: len(primitive.elements) for primitive in program.primitives if primitive.is_array}
    acts = [(ref, list(used(body, program.routines))) for ref, body in _bodies(program)] if blocked else []
    queued = {one.wait.routine for one in blocked if one.wait.routine in program.routines and not one.wait.by}
    calls = [(routine, list(used(program.routines[routine].body, program.routines))) for routine in sorted(queued)]
    waits = {(one.wait.kind, one.wait.name): one for one in blocked if one.wait.kind in _ENDED}
    for (kind, name), one in waits.items():
        for ref, nodes in acts:
            if not any(_ends(node, one.wait, sizes) for node in nodes):
                continue
            takes = any(_takes(node, one.wait, sizes) for node in nodes)
            if ref in errors:
                yield Giver(kind, name, ref, "raised", takes, errors[ref].name, errors[ref].span)
            elif ref in stuck:
                yield Giver(kind, name, ref, "stuck", takes)
            elif ref in over:
                yield Giver(kind, name, ref, "ended", takes)
            elif ref in going:
                yield Giver(kind, name, ref, "goes round", takes)
        for routine, nodes in calls:
            if any(_ends(node, one.wait, sizes) for node in nodes):
                yield Giver(kind, name, f"the call of {routine}", "queued")


def _ends(node: object, wait: Wait, sizes: Sizes) -> bool:
    return isinstance(node, ops.Act) and wait.kind in node.ends and _is_on(node, wait, sizes)


def _takes(node: object, wait: Wait, sizes: Sizes) -> bool:
    return isinstance(node, ops.Act) and "take" in node.effects and _is_on(node, wait, sizes)


def _is_on(node: ops.Act, wait: Wait, sizes: Sizes) -> bool:
    """Whether the operation is one on the object that is waited for, as far as the file tells which that is."""
    ref = getattr(node, "ref", None) or getattr(getattr(node, "future", None), "ref", None)
    return isinstance(ref, Ref) and wait.name in _names(ref, sizes)


def _names(ref: Ref, sizes: Sizes) -> Sequence[str]:
    """The objects that it may be, as waits name them: all of an array where only a step tells which."""
    if ref.name not in sizes:
        return (ref.name,)
    elements = [element_name(ref.name, i) for i in range(sizes[ref.name])]
    if not isinstance(ref.index, Const):
        return elements
    at = ref.index.value
    return [elements[at]] if isinstance(at, int) and -len(elements) <= at < len(elements) else []


def _bodies(program: Program) -> Iterator[tuple[str, ops.Block]]:
    if program.main is not None:
        yield "main", program.main
    for group in program.groups:
        for index in range(len(group.names)):
            yield thread_ref(group, index), group.body
