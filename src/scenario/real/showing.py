"""A recorded run as people look at it: its steps as moves, and what there was before each as a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import get_args

from scenario.program import ops
from scenario.program.evaluate import Constants, Raised, evaluate, tried
from scenario.program.places import target_names
from scenario.program.program import Program, element_name, index_of, thread_ref
from scenario.program.show import expression
from scenario.program.walk import children, walk_all
from scenario.program.whole import bodies
from scenario.results.frames import Film, Frame, Known, Stands, State
from scenario.results.outcome import Outcome
from scenario.results.recorded import MOST, Begun, Glance, Recorded
from scenario.results.schedule import Deed, Move, Schedule
from scenario.source import Span
from scenario.syntax import Assign, Comprehension, Expr, Node, Ref, Shared

_STEPS: tuple[type, ...] = get_args(ops.Op)


def moves(program: Program, recorded: Recorded) -> Iterator[Move]:
    """A move a step, in the words of the file. On a loop nothing else is done until the next step begins: there what has changed is its doing."""
    lines, file = program.text.splitlines(), _File(program)
    glances = [*(step.before for step in recorded.steps), recorded.last]
    for step, (before, after) in zip(recorded.steps, pairwise(glances), strict=True):
        changes = _changes(step, before, after) if program.runtime == "asyncio" else ()
        told = (change for change in changes if not file.says(step, change))
        yield Move(step.thread, span=step.span, deeds=(_deed(step, lines), *told), names=file.names(step))


class _File:
    """Its steps, by their places: what each is on, and what it says of itself."""

    def __init__(self, program: Program) -> None:
        self._steps = {node.span: node for node in walk_all(bodies(program)) if isinstance(node, _STEPS)}
        self._elements = dict(_elements(program))
        self._entered: dict[tuple[str, Span], list[tuple[str, ...]]] = {}
        """By thread and place what each step is on that has begun: at the end of a `with` locals may be others."""

    def names(self, step: Begun) -> tuple[str, ...]:
        """The variables and objects in it, elements as such where the thread's locals alone tell which; the steps in it have theirs."""
        node = self._steps.get(step.span)
        if step.what == "ends" or node is None:
            return ()
        entered = self._entered.setdefault((step.thread, step.span), [])
        if step.what == "leaves" and entered:
            return entered.pop()
        known = {**step.locals, "index": index_of(step.thread)} if step.what == "begins" else {}
        entered.append(tuple(dict.fromkeys(self._names(node, known))))
        return entered[-1]

    def _names(self, node: Node, known: Mapping[str, object]) -> Iterator[str]:
        """`known`: the thread's locals."""
        match node:
            case Shared(name):
                yield name
            case Ref(name, index):
                yield name if index is None else self._element(name, index, known)
            case Comprehension(clauses=clauses):
                own = frozenset().union(*(target_names(clause.target) for clause in clauses))
                known = {name: value for name, value in known.items() if name not in own}
        for child in children(node):
            if not isinstance(child, (*_STEPS, ops.Handler)):
                yield from self._names(child, known)

    def _element(self, name: str, index: Expr, known: Mapping[str, object]) -> str:
        """The array as a whole where more than the thread's own locals tells which it is."""
        found = tried(lambda: self._elements[name][evaluate(index, Constants(known))])
        return name if isinstance(found, Raised) else found

    def says(self, step: Begun, change: Deed) -> bool:
        """Whether the step is itself that the variable becomes this, however it is spelt: `s = "a"`."""
        match self._steps.get(step.span):
            case Assign((Shared(name),), value) if step.what == "begins":
                return name == change.object and expression(value) == repr(change.value)
            case _:
                return False


def _elements(program: Program) -> Iterator[tuple[str, Sequence[str]]]:
    """What the elements of each array are called, and the threads of each group."""
    for primitive in program.primitives:
        yield primitive.name, [element_name(primitive.name, index) for index in range(len(primitive.elements))]
    for group in program.groups:
        yield group.key, [thread_ref(group, index) for index in range(len(group.names))]


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


def film(program: Program, recorded: Recorded, outcome: Outcome) -> Film:
    """As many of the steps as are shown; a thread stands at the step that it began last."""
    shown = Recorded(recorded.steps[:MOST], recorded.last, recorded.is_whole and len(recorded.steps) <= MOST)
    return Film(Schedule(program.digest, tuple(moves(program, shown))), tuple(_frames(program, shown, outcome)))


def _frames(program: Program, recorded: Recorded, outcome: Outcome) -> Iterator[Frame]:
    known = [thread_ref(group, index) for group in program.groups for index in range(len(group.names))]
    threads = dict.fromkeys([*known, *(step.thread for step in recorded.steps)])
    begun: dict[str, Begun] = {}
    looked = tuple(_looked(program, outcome))
    for step in recorded.steps:
        yield _frame(threads, begun, step.before, _until(step.before, outcome), looked)
        begun[step.thread] = step
    last = recorded.last
    yield _frame(threads, begun, last, outcome if recorded.is_whole else _until(last, outcome), looked)


def _looked(program: Program, outcome: Outcome) -> Iterator[Known]:
    """What a run has seen of claims over states, each time that it looked: what never failed held, what was never seen was not so."""
    failed = {failure.span for failure in outcome.failures if failure.kind == "always"}
    yield from (None if claim.span in failed else True for claim in program.claims.always)
    yield from (None if number in outcome.reached else False for number in range(len(program.claims.reachable)))


def _until(seen: Glance, end: Outcome) -> Outcome:
    """What there was then of what was there in the end."""
    return Outcome("ended", seen.shared, output=end.output[: seen.printed], marks=end.marks[: seen.marked])


def _frame(
    threads: Mapping[str, None], begun: Mapping[str, Begun], seen: Glance, left: Outcome, looked: tuple[Known, ...]
) -> Frame:
    stands = tuple(_stands(thread, begun.get(thread), seen) for thread in threads)
    return Frame(left, stands, seen.holds, looked)


def _stands(thread: str, begun: Begun | None, seen: Glance) -> Stands:
    wait = seen.waits.get(thread)
    if begun is None:
        return Stands(thread, "over" if thread in seen.killed else "not started")
    if begun.what == "ends" or thread in seen.killed:
        return Stands(thread, "over")
    state: State = "can move" if wait is None else "waits"
    return Stands(thread, state, begun.span, wait, begun.locals)
