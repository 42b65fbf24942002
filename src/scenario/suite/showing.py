"""`show`: a file explained: its threads and primitives, who touches what, the indivisible steps of each line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scenario.engines.explore.code import Access, Begin, Code, Emit, End, Guard, Instruction, Operate, Snooze
from scenario.engines.explore.lower.bodies import body_code
from scenario.program import ops
from scenario.program.program import Condition, Program, ThreadGroup, ref_text
from scenario.program.show import expression
from scenario.source import Source
from scenario.suite.loading import Loaded
from scenario.syntax import Ref

Touched = Mapping[str, Mapping[str, list[str]]]
"""Name -> what is done with it -> by which bodies."""


@dataclass(slots=True)
class Line:
    """The steps that one line of the file takes, in order; those in one list are one step."""

    steps: list[list[str]] = field(default_factory=list)


def shown(loaded: Loaded, program: Program) -> Iterator[str]:
    """One case of a file as text."""
    codes = dict(_codes(program))
    touched = _touched(codes)
    model = loaded.model
    yield f"{loaded.file}: {program.name}"
    if model is not None and model.description:
        yield f"  {' '.join(model.description.split())}"
    if program.params:
        yield f"  for {', '.join(f'{name} = {value!r}' for name, value in program.params.items())}"
    if program.vars:
        yield "\nshared variables"
        yield from _table([(var.name, f"= {var.value!r}", _uses(touched, var.name)) for var in program.vars])
    if program.primitives:
        yield "\nprimitives"
        yield from _table([(p.name, _kind(p.elements), _uses(touched, p.name)) for p in program.primitives])
    if program.groups:
        yield "\nthreads"
        yield from _table([(group.key, _members(group), _uses(touched, group.key)) for group in program.groups])
    for name, code in codes.items():
        yield f"\nthe steps of {name}"
        yield from _steps(
            code, loaded.source, virtual=program.explore is not None and program.explore.clock == "virtual"
        )
    yield "\nEach step is indivisible; between two of them any other thread may come in. Lines not listed take no step."


def _codes(program: Program) -> Iterator[tuple[str, Code]]:
    if program.main is not None:
        yield "main", body_code(program, "main", program.main)
    for group in program.groups:
        yield group.key, body_code(program, group.key, group.body)
    for routine in program.routines.values():
        yield f"routine {routine.name}", body_code(program, routine.name, routine.body, routine.params)


def _touched(codes: Mapping[str, Code]) -> Touched:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for body, code in codes.items():
        for instruction in code.instructions:
            for name, what in _touches(instruction):
                if body not in found[name][what]:
                    found[name][what].append(body)
    return found


def _touches(instruction: Instruction) -> Iterator[tuple[str, str]]:
    match instruction:
        case Access(reads=reads, writes=writes, asks=asks):
            yield from ((name, "read") for name in sorted(reads))
            yield from ((name, "written") for name in sorted(writes))
            yield from ((name, attribute) for name, attribute in sorted(asks))
        case Guard(reads=reads, asks=asks):
            yield from ((name, "awaited") for name in sorted(reads))
            yield from ((name, attribute) for name, attribute in sorted(asks))
        case Operate(verb=verb, name=name) if name:
            yield name, _verb(verb)


def _uses(touched: Touched, name: str) -> str:
    uses = touched.get(name, {})
    return "; ".join(f"{what} by {', '.join(bodies)}" for what, bodies in uses.items())


def _kind(elements: tuple[object, ...]) -> str:
    if not elements:
        return "none"
    if isinstance(elements[0], Condition) and elements[0].lock is not None:
        return f"Condition on {ref_text(Ref(elements[0].lock[0]), elements[0].lock[1])}"
    text = re.sub(r"\w+=(None|'')(, )?", "", repr(elements[0])).replace(", )", ")").removesuffix("()")
    return text if len(elements) == 1 else f"{len(elements)} × {text}"


def _members(group: ThreadGroup) -> str:
    kind = group.class_name or ("Timer" if group.timer is not None else "Thread")
    daemon = ", daemon" if group.daemon else ""
    if not group.is_group:
        return f"{kind}{daemon}"
    return f"{len(group.names)} × {kind}{daemon}"


def _steps(code: Code, source: Source | None, *, virtual: bool) -> Iterator[str]:
    """The lines in the file's order, each with its steps; waking up is one with the virtual clock."""
    lines = _by_line([i for i in code.instructions if virtual or not isinstance(i, Snooze)])
    texts = {number: _text(source, number) for number in lines}
    width = max((len(text) for text in texts.values()), default=0)
    for number in sorted(lines):
        steps = " · ".join(_together(parts) for parts in lines[number].steps)
        yield f"  {number:>4}  {texts[number]:<{width}}  {steps}"
    if not lines:
        yield "  (none)"


def _together(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"as one: {', '.join(parts)}"


def _by_line(instructions: Sequence[Instruction]) -> dict[int, Line]:
    lines: dict[int, Line] = defaultdict(Line)
    seen: set[tuple[object, ...]] = set()
    block: list[str] | None = None
    for instruction in instructions:
        if isinstance(instruction, Begin | End):
            block = [] if isinstance(instruction, Begin) else None
            continue
        words = _words(instruction)
        if words is None or (isinstance(instruction, Operate) and _again(instruction, words, seen)):
            continue
        if block is None:
            lines[instruction.span.line].steps.append([words])
        else:
            if not block:
                lines[instruction.span.line].steps.append(block)
            block.append(words)
    return lines


def _again(instruction: Operate, words: str, seen: set[tuple[object, ...]]) -> bool:
    """Whether it is the same operation of the same step, for another way out of it (a `with` that fails)."""
    key = (instruction.span, words)
    known = key in seen
    seen.add(key)
    return known


def _words(instruction: Instruction) -> str | None:
    match instruction:
        case Access(action=action, node=node):
            whole = expression(node) if action == "call" and node is not None else action
            return TEMPORARY.sub("…", whole if action == "call" or node is None else f"{action} {expression(node)}")
        case Guard():
            return "await"
        case Operate(verb=verb, name=name) if verb in SEVERAL:
            return SEVERAL[verb].format(name)
        case Operate(verb=verb, name=name, part=part):
            return " ".join(filter(None, (_verb(verb), name, f"({part})" if part else "")))
        case Emit(stream=stream):
            return "print" if stream == "output" else "mark"
        case Snooze():
            return "wake up"
        case _:
            return None


TEMPORARY = re.compile(r"\$\d+")
"""A value that was read before, by a step of its own."""
SEVERAL: Mapping[type, str] = {
    ops.WaitCondition: "release the lock and queue up at {0} · take the lock back",
    ops.WaitEvent: "wait {0} (or, while it is not set: queue up · go on)",
    ops.WaitBarrier: "arrive at {0} · leave {0}",
}
"""Operations of more than one step."""
VERBS: Mapping[type, str] = {
    ops.WaitCondition: "wait", ops.WaitEvent: "wait", ops.WaitBarrier: "wait", ops.SetEvent: "set", ops.ClearEvent: "clear",
    ops.AbortBarrier: "abort", ops.ResetBarrier: "reset", ops.JoinQueue: "join", ops.ShutdownQueue: "shutdown",
    ops.ShutdownPool: "shutdown", ops.CancelTimer: "cancel", ops.CancelFuture: "cancel",
}  # fmt: skip
"""Classes that are not called as the file's verb is."""


def _verb(verb: type) -> str:
    return VERBS.get(verb) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", verb.__name__).lower()


def _text(source: Source | None, number: int) -> str:
    text = source.line(number).strip() if source else ""
    return text if len(text) <= 50 else f"{text[:49]}…"


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(2)] if rows else []
    for name, what, rest in rows:
        yield f"  {name:<{widths[0]}}  {what:<{widths[1]}}  {rest}".rstrip()
