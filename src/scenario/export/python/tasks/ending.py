"""`main` and the end of a program of tasks: what is started and waited for, and what is checked when all is over."""

from __future__ import annotations

from scenario.export.python.function import Body
from scenario.export.python.lines import Lines
from scenario.export.python.names import Names
from scenario.export.python.objects import members, primitive
from scenario.export.python.tasks import making
from scenario.language.primitives import Future
from scenario.program import ops
from scenario.program.claims import ErrorClaim
from scenario.program.program import Primitive, Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.syntax import Return


def of_a_loop(names: Names, given: Primitive) -> bool:
    """Whether it belongs to a loop that runs, so that `main` makes it."""
    return names.words.one == "task" and any(isinstance(kind, Future) for kind in given.elements)


def changed_by_main(body: Body) -> list[str]:
    """The module's variables that `main` sets."""
    names, program = body.names, body.names.program
    every = making.shared(program) if program.main is None else making.assigned(program, program.main)
    made = [names.identifier(one.name) for one in program.primitives if of_a_loop(names, one)]
    return [*made, *(names.threads[key] for key in every)]


def first(body: Body) -> list[str]:
    """What `main` does before its own steps."""
    names, program = body.names, body.names.program
    lines = [primitive(body.writer, one) for one in program.primitives if of_a_loop(names, one)]
    if program.main is not None and making.asks_name(program):
        lines.append(f'{names.module("asyncio.current_task")}().set_name("MainThread")')
    return lines


def last(body: Body) -> list[str]:
    """What it waits for when its own steps are over: whatever it has not joined."""
    program = body.names.program
    if program.main is None or making.is_asked(program):
        return []
    return making.waiting(body.names, _left(program))


def ends_early(program: Program) -> bool:
    """Whether main may end before its last step."""
    claimed = any(claim.thread.name == "main" for claim in program.claims.errors)
    return claimed or any(isinstance(node, Return) for node in walk_all(program.main or ()))


def _left(program: Program) -> list[ThreadGroup]:
    top = [step for step in program.main or () if isinstance(step, ops.Join)]
    joined = {step.ref.name for step in top if step.timeout is None and step.ref.index is None}
    if "all" in joined:
        return []
    started = [group for group in program.groups if making.is_started(program, group)]
    return [group for group in started if not group.daemon and group.key not in joined]


def default_main(body: Body, out: Lines) -> None:
    """Starts all, and waits for those that are no daemons."""
    names, program, writer = body.names, body.names.program, body.writer
    with out.block("async def main():"):
        changed = sorted(changed_by_main(body))
        for line in [*([f"global {', '.join(changed)}"] if changed else []), *first(body)]:
            out.line(line)
        if making.shared(program) or any(group.daemon for group in program.groups):
            for group in program.groups:
                out.line(f"{names.threads[group.key]} = {making.made(writer, group)}")
            for line in making.waiting(names, [group for group in program.groups if not group.daemon]):
                out.line(line)
            return
        with out.block(f"async with {names.module('asyncio.TaskGroup')}() as group:"):
            for group in program.groups:
                _in_group(body, group, out)


def _in_group(body: Body, group: ThreadGroup, out: Lines) -> None:
    line = f"group.create_task({making.coroutine(body.writer, group, 'index')})"
    if not group.is_group:
        out.line(line)
        return
    given = members(body.writer, group, named=making.asks_name(body.names.program))
    with out.block(f"for {given}:"):
        out.line(line)


def run(body: Body) -> str:
    """The coroutine that all is in: `main`, or one around a main that others join."""
    names, program, out = body.names, body.names.program, body.out
    if not making.is_asked(program):
        return "main()"
    out.apart()
    with out.block("async def run():"):
        out.line("global main_task")
        out.line(f"main_task = {names.module('asyncio.create_task')}(main())")
        out.line(f"await {names.module('asyncio.wait')}([main_task])")
        for line in making.waiting(names, _left(program)):
            out.line(line)
    return "run()"


def errors(body: Body, claims: list[ErrorClaim]) -> list[str]:
    """What is asserted of how tasks ended, where the file says it of some."""
    names, program = body.names, body.names.program
    if not claims:
        return []
    lines = [_claimed(names, claim, body.writer.place(claim.thread)) for claim in claims]
    named = {claim.thread.name for claim in claims}
    others = [one for one in program.groups if one.key not in named and making.is_started(program, one)]
    for group in others:
        loose = making.may_be_cancelled(program, group)
        lines.append(_of_all(group.is_group, names.threads[group.key], "not {}.exception()", loose))
    return lines


def _claimed(names: Names, claim: ErrorClaim, place: str) -> str:
    classes = [names.exception(name) for name in claim.exceptions] + (["type(None)"] if claim.possible else [])
    wanted = classes[0] if len(classes) == 1 else f"({', '.join(classes)})"
    loose = (
        making.may_be_cancelled(names.program, names.groups[claim.thread.name]) or "CancelledError" in claim.exceptions
    )
    return _of_all(names.is_group(claim.thread), place, f"isinstance({{}}.exception(), {wanted})", loose)


def _of_all(is_group: bool, place: str, test: str, loose: bool) -> str:
    """`loose`: a task that was cancelled has no exception."""
    whole = f"{{0}}.cancelled() or {test.replace('{}', '{0}')}" if loose else test
    return f"assert all({whole.format('task')} for task in {place})" if is_group else f"assert {whole.format(place)}"
