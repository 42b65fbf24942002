"""Tasks: where they are made and kept, joined and cancelled."""

from __future__ import annotations

from collections.abc import Iterable

from scenario.export.python.expressions import Writer
from scenario.export.python.function import Body
from scenario.export.python.names import Names
from scenario.export.python.objects import count, members, name_of
from scenario.export.python.routines import is_name
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.program.whole import final_nodes
from scenario.syntax import Expr, Node, Query, Ref

_ASKED = (ops.CancelThread, ops.CancelTimer, ops.Timeout)


# --- which have a variable, and where ----------------------------------------------------------------------


def _groups(program: Program, nodes: object) -> set[str]:
    return {node.name for node in walk_all(nodes) if isinstance(node, Ref)} & {group.key for group in program.groups}


def shared(program: Program) -> set[str]:
    """The groups whose tasks others than main name, so that their variables are the module's."""
    routines = tuple(routine.body for routine in program.routines.values())
    final = tuple(node for node in walk_all(tuple(c.expr for c in program.claims.final)) if isinstance(node, Query))
    elsewhere = (tuple(group.body for group in program.groups), routines, final)
    claimed = tuple(claim.thread for claim in program.claims.errors)
    every = {group.key for group in program.groups} if claimed or is_asked(program) else set()
    return _groups(program, elsewhere) | every | (unsure(program) if program.main is not None else set())


def unsure(program: Program) -> set[str]:
    """The groups that main does not start as a whole, and in any case."""
    top = [step.ref for step in program.main or () if isinstance(step, ops.Start)]
    if any(ref.name == "all" for ref in top):
        return {ref.name for ref in _started(program) if ref.index is not None}
    return {ref.name for ref in _started(program)} - {ref.name for ref in top if ref.index is None}


def _started(program: Program) -> list[Ref]:
    routines = tuple(routine.body for routine in program.routines.values())
    bodies = (program.main or (), tuple(group.body for group in program.groups), routines)
    return [node.ref for node in walk_all(bodies) if isinstance(node, ops.Start) and node.ref.name != "all"]


def assigned(program: Program, steps: Block) -> set[str]:
    """The groups whose variables are the module's, and that these steps start as a whole."""
    started = [node.ref for node in walk_all(steps) if isinstance(node, ops.Start) and node.ref.index is None]
    names = {ref.name for ref in started}
    every = {group.key for group in program.groups} if "all" in names else set()
    return (names | every) & shared(program)


def presets(writer: Writer) -> list[str]:
    """The lines that say of tasks that they are not started yet."""
    names, program = writer.names, writer.names.program
    if program.main is None:
        return []
    groups = [group for group in program.groups if group.key in unsure(program)]
    return [f"{names.threads[g.key]} = {f'[None] * {count(writer, g)}' if g.is_group else None}" for g in groups]


# --- what is written of them -------------------------------------------------------------------------------


def coroutine(writer: Writer, group: ThreadGroup, index: str) -> str:
    """`inc(index), name="inc-0"`: what a task is made of; names where somebody asks for one."""
    names = writer.names
    call = f"{names.bodies[group.key]}({index if group.is_group and group.key in names.of_index else ''})"
    return f"{call}, name={name_of(group, index)}" if asks_name(names.program) else call


def asks_name(program: Program) -> bool:
    """Whether anybody asks for a name."""
    return any(is_name(n) or (isinstance(n, Query) and n.attribute == "name") for n in _everything(program))


def _everything(program: Program) -> Iterable[Node]:
    routines = tuple(routine.body for routine in program.routines.values())
    bodies = (program.main or (), tuple(group.body for group in program.groups), routines)
    return [*walk_all(bodies), *final_nodes(program)]


def made(writer: Writer, group: ThreadGroup) -> str:
    """A task, or all of a group."""
    create = writer.names.module("asyncio.create_task")
    one = f"{create}({coroutine(writer, group, 'index')})"
    if not group.is_group:
        return one
    return f"[{one} for {members(writer, group, named=asks_name(writer.names.program))}]"


def start(c: Body, ref: Ref) -> None:
    names, program = c.names, c.names.program
    if ref.name != "all":
        group = names.groups[ref.name]
        if ref.index is None:
            c.out.line(f"{names.threads[ref.name]} = {made(c.writer, group)}")
        else:
            index = c.writer.argument(ref.index)
            create = names.module("asyncio.create_task")
            c.out.line(f"{c.writer.place(ref)} = {create}({coroutine(c.writer, group, index)})")
        return
    started = _started(program)
    for group in program.groups:
        if all(one.name != group.key for one in started):
            c.out.line(f"{names.threads[group.key]} = {made(c.writer, group)}")
        elif any(one.name == group.key and one.index is not None for one in started):
            c.writer.refusals.refuse("`start: all` of a group that is partly started", ref.span)


def tasks(names: Names, groups: Iterable[ThreadGroup]) -> str:
    """`[A_task, *inc_tasks]`."""
    parts = [f"{'*' if group.is_group else ''}{names.threads[group.key]}" for group in groups]
    return parts[0][1:] if len(parts) == 1 and parts[0].startswith("*") else f"[{', '.join(parts)}]"


def waiting(names: Names, groups: list[ThreadGroup], timeout: str = "") -> list[str]:
    """The lines that wait until all of them have ended, however they end."""
    if not groups:
        return []
    wait, loose = names.module("asyncio.wait"), {group.key for group in groups} & unsure(names.program)
    every = tasks(names, groups)
    if not loose and not timeout:
        return [f"await {wait}({every})"]
    given = f"filter(None, {every})" if loose else every
    return [f"for task in {given}:", f"    await {wait}([task]{timeout})"]


def join(c: Body, ref: Ref, timeout: Expr | None) -> None:
    names, program = c.names, c.names.program
    limit = "" if timeout is None else f", timeout={c.writer.argument(timeout)}"
    if ref.name == "all":
        groups = [group for group in program.groups if not group.daemon and is_started(program, group)]
    elif names.is_group(ref):
        groups = [names.groups[ref.name]]
    else:
        place = c.writer.place(ref)
        plain = not limit and is_plain(program)
        c.out.line(f"await {place}" if plain else f"await {names.module('asyncio.wait')}([{place}]{limit})")
        return
    if is_plain(program) and not limit and not {group.key for group in groups} & unsure(program) and groups:
        every = tasks(names, groups)
        given = every.removeprefix("[").removesuffix("]") if every.startswith("[") else f"*{every}"
        c.out.line(f"await {names.module('asyncio.gather')}({given})")
        return
    for line in waiting(names, groups, limit):
        c.out.line(line)


def is_plain(program: Program) -> bool:
    """Whether every task ends well, so that who awaits one goes on, and nobody ends who awaits one."""
    return not program.claims.errors and not any(isinstance(node, _ASKED) for node in _everything(program))


def is_asked(program: Program) -> bool:
    """Whether a task joins the main one, or asks it: it has to be one that ends."""
    routines = tuple(routine.body for routine in program.routines.values())
    nodes = walk_all((tuple(group.body for group in program.groups), routines))
    return any(isinstance(node, Ref) and node.name == "main" for node in nodes)


def may_be_cancelled(program: Program, group: ThreadGroup) -> bool:
    """Whether a task may end so; those that are left are, when all is over."""
    return group.daemon or any(isinstance(node, _ASKED) for node in _everything(program))


def is_started(program: Program, group: ThreadGroup) -> bool:
    """Whether anybody starts it."""
    starts = [node.ref.name for node in _everything(program) if isinstance(node, ops.Start)]
    return program.main is None or "all" in starts or group.key in starts


def cancel(c: Body, ref: Ref, into: Expr | None) -> None:
    if c.names.is_group(ref):
        with c.out.block(f"for task in {c.names.ref(ref.name)}:"):
            c.out.line("task.cancel()")
    else:
        c.store(into, f"{c.writer.place(ref)}.cancel()")
