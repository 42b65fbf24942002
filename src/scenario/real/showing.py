"""A recorded run as people look at it: its steps as moves, and what there was before each as a frame."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import get_args

from scenario.program import ops
from scenario.program.program import Program, thread_ref
from scenario.program.walk import children, walk_all
from scenario.program.whole import bodies
from scenario.results.frames import Film, Frame, Stands, State
from scenario.results.outcome import Outcome
from scenario.results.recorded import MOST, Begun, Glance, Recorded
from scenario.results.schedule import Deed, Move, Schedule
from scenario.source import Span
from scenario.syntax import Node, Ref, Shared

_STEPS: tuple[type, ...] = get_args(ops.Op)


def moves(program: Program, recorded: Recorded) -> Iterator[Move]:
    """A move a step, in the words of the file. On a loop nothing else is done until the next step begins: there what has changed is its doing."""
    lines, named = program.text.splitlines(), _named(program)
    glances = [*(step.before for step in recorded.steps), recorded.last]
    for step, (before, after) in zip(recorded.steps, pairwise(glances), strict=True):
        deed = _deed(step, lines)
        changes = _changes(step, before, after) if program.runtime == "asyncio" else ()
        told = (change for change in changes if not _says(deed.object, change))
        names = () if step.what == "ends" else named.get(step.span, ())
        yield Move(step.thread, span=step.span, deeds=(deed, *told), names=names)


def _named(program: Program) -> Mapping[Span, tuple[str, ...]]:
    """By the place of a step the variables and objects that it names itself; the steps in it name theirs."""
    steps = (node for node in walk_all(bodies(program)) if isinstance(node, _STEPS))
    return {step.span: tuple(dict.fromkeys(_names(step))) for step in steps}


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Shared | Ref):
        yield node.name
    for child in children(node):
        if not isinstance(child, (*_STEPS, ops.Handler)):
            yield from _names(child)


def _deed(step: Begun, lines: Sequence[str]) -> Deed:
    span = step.span
    if step.what == "ends":
        return Deed("end", span=span)
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    text = line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None].strip()
    return Deed("call", text if step.what == "begins" else f"end of {text}", span=span)


def _changes(step: Begun, before: Glance, after: Glance) -> Iterator[Deed]:
    for name, value in after.shared.items():
        if before.shared and before.shared[name] != value:
            yield Deed("write", name, value, span=step.span)


def _says(text: str, change: Deed) -> bool:
    """Whether the text of a step is itself that the variable becomes this, however it is spelt: `s = "a"`."""
    try:
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(f"{change.object} = {change.value!r}"))
    except SyntaxError:  # a verb, or a value that is no display of Python
        return False


def film(program: Program, recorded: Recorded, outcome: Outcome) -> Film:
    """As many of the steps as are shown; a thread stands at the step that it began last."""
    shown = Recorded(recorded.steps[:MOST], recorded.last, recorded.is_whole and len(recorded.steps) <= MOST)
    return Film(Schedule(program.digest, tuple(moves(program, shown))), tuple(_frames(program, shown, outcome)))


def _frames(program: Program, recorded: Recorded, outcome: Outcome) -> Iterator[Frame]:
    known = [thread_ref(group, index) for group in program.groups for index in range(len(group.names))]
    threads = dict.fromkeys([*known, *(step.thread for step in recorded.steps)])
    begun: dict[str, Begun] = {}
    for step in recorded.steps:
        yield _frame(threads, begun, step.before, _until(step.before, outcome))
        begun[step.thread] = step
    last = recorded.last
    yield _frame(threads, begun, last, outcome if recorded.is_whole else _until(last, outcome))


def _until(seen: Glance, end: Outcome) -> Outcome:
    """What there was then of what was there in the end."""
    return Outcome("ended", seen.shared, output=end.output[: seen.printed], marks=end.marks[: seen.marked])


def _frame(threads: Mapping[str, None], begun: Mapping[str, Begun], seen: Glance, left: Outcome) -> Frame:
    stands = tuple(_stands(thread, begun.get(thread), seen) for thread in threads)
    return Frame(left, stands, seen.holds)


def _stands(thread: str, begun: Begun | None, seen: Glance) -> Stands:
    wait = seen.waits.get(thread)
    if begun is None:
        return Stands(thread, "over" if thread in seen.killed else "not started")
    if begun.what == "ends" or thread in seen.killed:
        return Stands(thread, "over")
    state: State = "can move" if wait is None else "waits"
    return Stands(thread, state, begun.span, wait, begun.locals)
