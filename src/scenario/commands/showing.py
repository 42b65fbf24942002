"""`show`: a file explained: its threads and primitives, who touches what, the indivisible steps of each line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from scenario.files.loaded import Loaded
from scenario.language.runtimes import Runtime
from scenario.program import ops
from scenario.program.program import Condition, Interrupt, Program, ThreadGroup, element_name
from scenario.program.walk import walk_all
from scenario.results.explained import Body, Explained, Line, Primitive, Threads, Uses, Variable
from scenario.source import Source
from scenario.steps.code import (
    Access,
    Begin,
    Call,
    Code,
    Compute,
    Delete,
    Emit,
    End,
    Extend,
    Guard,
    Instruction,
    Load,
    Next,
    Operate,
    Read,
    Snooze,
    Update,
    Write,
)
from scenario.steps.lower.bodies import body_code
from scenario.steps.meanings import meanings
from scenario.steps.meanings import text as text_of
from scenario.steps.operands import place
from scenario.syntax import Const, OwnFuture


def explained(loaded: Loaded) -> Iterator[Explained]:
    """Each case of a file that could be compiled."""
    for program in loaded.programs:
        yield _case(loaded, program)


def _case(loaded: Loaded, program: Program) -> Explained:
    codes = dict(_codes(program))
    touched = _touched(codes)
    about = loaded.about
    wakes = program.settings.clock == "virtual" or program.runtime == "asyncio"
    return Explained(
        file=loaded.file,
        scenario=program.name,
        description=" ".join((about.description if about else "").split()),
        tags=about.tags if about else (),
        case=loaded.label(program),
        runtime=program.runtime,
        explored=program.settings.changed(),
        params=program.params,
        variables=tuple(Variable(var.name, var.value, touched.get(var.name, {})) for var in program.vars),
        primitives=tuple(_primitive(p.name, p.elements, touched.get(p.name, {})) for p in program.primitives),
        threads=(
            *(_threads(group, KINDS[program.runtime], touched.get(group.key, {})) for group in program.groups),
            *(_interrupt(one, touched.get(one.routine, {})) for one in program.interrupts),
        ),
        bodies=tuple(Body(name, _lines(code, loaded.source, wakes=wakes)) for name, code in codes.items()),
    )


def _codes(program: Program) -> Iterator[tuple[str, Code]]:
    if program.main is not None:
        yield "main", body_code(program, "main", program.main)
    for group in program.groups:
        yield group.key, body_code(program, group.key, group.body)
    handlers = {one.routine for one in program.interrupts}
    for routine in program.routines.values():
        name = routine.name if routine.name in handlers else f"routine {routine.name}"
        yield name, body_code(program, routine.name, routine.body, routine.params, is_called=True)


def _touched(codes: Mapping[str, Code]) -> Mapping[str, Uses]:
    """Name -> what is done with it -> by which bodies."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for body, code in codes.items():
        for name, what in (*_on_futures(code), *(touch for one in code.instructions for touch in _touches(one))):
            if body not in found[name][what]:
                found[name][what].append(body)
    return {name: {what: tuple(bodies) for what, bodies in uses.items()} for name, uses in found.items()}


def _touches(instruction: Instruction) -> Iterator[tuple[str, str]]:
    match instruction:
        case Access(reads=reads, writes=writes, asks=asks):
            yield from ((name, "read") for name in sorted(reads))
            yield from ((name, "written") for name in sorted(writes))
            yield from ((name, attribute) for name, attribute in sorted(asks))
        case Guard(reads=reads, asks=asks):
            yield from ((name, "awaited") for name in sorted(reads))
            yield from ((name, attribute) for name, attribute in sorted(asks))
        case Operate(op) if (ref := place(op)) is not None:
            yield ref.name, op.verb


def _on_futures(code: Code) -> Iterator[tuple[str, str]]:
    """What is done with the file's own futures, which an operation has as values."""
    held: dict[int, list[str]] = {}
    for instruction in code.instructions:
        if isinstance(instruction, Compute):
            names = [node.ref.name for node in walk_all(instruction.value) if isinstance(node, OwnFuture)]
            held.update(dict.fromkeys(instruction.defines, names))
        elif isinstance(instruction, Operate):
            yield from ((name, instruction.op.verb) for slot in instruction.uses for name in held.get(slot, ()))


def _primitive(name: str, elements: Sequence[object], uses: Uses) -> Primitive:
    return Primitive(
        name, _kind(elements[0]) if elements else "none", None if len(elements) == 1 else len(elements), uses
    )


def _kind(primitive: object) -> str:
    if isinstance(primitive, Condition) and primitive.lock is not None:
        return f"Condition on {element_name(*primitive.lock)}"
    return re.sub(r"\w+=(None|'')(, )?", "", repr(primitive)).replace(", )", ")").removesuffix("()")


def _threads(group: ThreadGroup, usual: str, uses: Uses) -> Threads:
    kind = group.class_name or ("Timer" if group.timer is not None else usual)
    return Threads(group.key, kind, len(group.names) if group.is_group else None, bool(group.daemon), uses)


def _interrupt(interrupt: Interrupt, uses: Uses) -> Threads:
    return Threads(interrupt.routine, f"interrupts {interrupt.target}", interrupt.times, False, uses)


def _lines(code: Code, source: Source | None, *, wakes: bool) -> tuple[Line, ...]:
    """The lines in the file's order, each with its steps; waking up is one with the virtual clock, and where tasks wait."""
    steps = [i for i in code.instructions if wakes or not isinstance(i, Snooze)]
    found = _by_line(steps, meanings(code))
    return tuple(
        Line(number, source.line(number).strip() if source else "", tuple(tuple(step) for step in found[number]))
        for number in sorted(found)
    )


def _by_line(instructions: Sequence[Instruction], known: Mapping[str, str]) -> Mapping[int, list[list[str]]]:
    """Line -> its steps; what is done within one step is one list."""
    lines: dict[int, list[list[str]]] = defaultdict(list)
    seen: set[tuple[object, ...]] = set()
    block: list[str] | None = None
    for instruction in instructions:
        if isinstance(instruction, Begin | End):
            block = [] if isinstance(instruction, Begin) else None
            continue
        words = _words(instruction, known)
        if not words or (isinstance(instruction, Operate) and _again(instruction, words, seen)):
            continue
        if block is None:
            lines[instruction.span.line] += [[word] for word in words]
        else:
            if not block:
                lines[instruction.span.line].append(block)
            block += words
    return lines


def _again(instruction: Operate, words: Sequence[str], seen: set[tuple[object, ...]]) -> bool:
    """Whether it is the same operation of the same step, for another way out of it (a `with` that fails)."""
    key = (instruction.span, *words)
    known = key in seen
    seen.add(key)
    return known


def _words(instruction: Instruction, known: Mapping[str, str]) -> Sequence[str]:
    """The steps of an instruction in words; most are one, local work is none."""
    match instruction:
        case Read(Const()):  # only before what local work raises
            return ()
        case Access(shown=shown):
            text = "" if shown is None else text_of(shown, known)
            return (ACCESSES[type(instruction)].format(text),)
        case Guard():
            return ("await",)
        case Operate(ops.CallPython(function)):
            return (f"call {function}",)
        case Operate(op, part):
            return _of_operation(op, part)
        case Emit(stream=stream):
            return ("print" if stream == "output" else "mark",)
        case Snooze():
            return ("wake up",)
        case _:
            return ()


def _of_operation(op: ops.Act, part: str) -> Sequence[str]:
    ref = place(op)
    name = "" if ref is None else ref.name
    if type(op) in SEVERAL:
        return tuple(words.format(name) for words in SEVERAL[type(op)])
    return (" ".join(filter(None, (op.verb, name, f"({part})" if part else ""))),)


KINDS: Mapping[Runtime, str] = {"threading": "Thread", "asyncio": "Task", "multiprocessing": "Process"}
"""What runs a thread's steps there."""
ACCESSES: Mapping[type, str] = {
    Read: "read {}", Load: "read {}", Call: "{}", Write: "write {}", Extend: "write {}", Delete: "delete {}",
    Update: "read {} (or, if it is a list, change it)", Next: "next {}",
}  # fmt: skip
"""What is done with a variable."""
SEVERAL: Mapping[type, tuple[str, ...]] = {
    ops.WaitCondition: ("release the lock and queue up at {0}", "take the lock back"),
    ops.WaitEvent: ("wait {0} (or, while it is not set: queue up · go on)",),
    ops.WaitBarrier: ("arrive at {0}", "leave {0}"),
}
"""Operations of more than one step."""
