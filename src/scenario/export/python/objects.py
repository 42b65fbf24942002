"""The objects of the module: primitives and threads as their constructors' calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from scenario.export.python.expressions import Writer, literal, quoted
from scenario.export.python.names import Names
from scenario.export.python.processes.passing import given_to, given_to_routine
from scenario.language import primitives as p
from scenario.program.program import Primitive, ThreadGroup
from scenario.program.walk import walk
from scenario.syntax import Expr, Local

_CLASSES: Mapping[type[p.Kind], str] = {
    p.ThreadLocal: "local", p.ThreadPool: "ThreadPoolExecutor", p.ProcessPool: "ProcessPoolExecutor",
}  # fmt: skip


WIDTH = 120
"""Characters of a line."""


def primitive(writer: Writer, given: Primitive) -> str:
    """`forks = [threading.Lock() for _ in range(5)]`."""
    names = writer.names
    trees = names.of.arguments.get(given.name, {})
    alike = len(set(given.elements)) == 1
    said = {name: writer.argument(tree) for name, tree in trees.items() if alike and not _uses_index(tree)}
    calls = [_call(names, kind, said) for kind in given.elements]
    if not given.is_array:
        made = calls[0]
    elif alike and (len(calls) > 1 or "array" in said):
        made = f"[{calls[0]} for _ in range({said.get('array', len(calls))})]"
    else:
        made = f"[{', '.join(calls)}]"
    return f"{names.identifier(given.name)} = {made}"


def _uses_index(tree: Expr) -> bool:
    return any(isinstance(node, Local) for node in walk(tree))


def _call(names: Names, kind: p.Kind, said: Mapping[str, str]) -> str:
    """`said`: arguments as the file computes them."""
    maker = names.maker(_CLASSES.get(type(kind), type(kind).__name__))

    def argument(name: str, value: float | None) -> str | None:
        return said.get(name, None if value is None else repr(value))

    match kind:
        case p.Lock() | p.RLock() | p.Event() | p.SimpleQueue() | p.ThreadLocal() | p.Future() | p.Condition(None):
            return f"{maker}()"
        case p.Semaphore(value) | p.BoundedSemaphore(value):
            return f"{maker}({argument('value', value)})"
        case p.Condition((name, element)):
            lock = names.identifier(name) if element is None else f"{names.identifier(name)}[{element}]"
            return f"{maker}({lock})"
        case p.Barrier(parties, action, timeout):
            limit = None if names.words.one == "task" else argument("timeout", timeout)
            more = _keywords(action=_acting(names, action) if action else None, timeout=limit)
            return f"{maker}({argument('parties', parties)}{more})"
        case p.Queue(maxsize) | p.LifoQueue(maxsize) | p.PriorityQueue(maxsize):
            return f"{maker}({argument('maxsize', maxsize or None) or ''})"
        case p.ThreadPool(workers, initializer, prefix):
            more = _keywords(
                max_workers=argument("max_workers", workers),
                thread_name_prefix=quoted(prefix) if prefix else None,
                initializer=names.identifier(initializer) if initializer else None,
            )
            return f"{maker}({more.removeprefix(', ')})"
        case p.ProcessPool(workers, initializer):
            more = _keywords(
                max_workers=argument("max_workers", workers),
                initializer=names.identifier(initializer) if initializer else None,
            )
            return f"{maker}({more.removeprefix(', ')})"
        case p.Condition():
            raise AssertionError
        case _:
            assert_never(kind)


def _acting(names: Names, routine: str) -> str:
    """A barrier's action, with what it needs in a process that has nothing."""
    given = given_to_routine(names, routine)
    call = names.identifier(routine)
    return f"{names.module('functools.partial')}({', '.join([call, *given])})" if given else call


def _keywords(**given: object) -> str:
    return "".join(f", {name}={value}" for name, value in given.items() if value is not None)


def needs_routines(given: Primitive) -> bool:
    """Whether a routine belongs to it, so that it stands behind the functions."""
    return any(getattr(kind, "action", None) or getattr(kind, "initializer", None) for kind in given.elements)


def is_pool(given: Primitive) -> bool:
    return any(isinstance(kind, p.ThreadPool | p.ProcessPool) for kind in given.elements)


def is_of_processes(given: Primitive) -> bool:
    return any(isinstance(kind, p.ProcessPool) for kind in given.elements)


def thread(writer: Writer, group: ThreadGroup) -> list[str]:
    """The lines that make a thread (or process), or a group's list of them."""
    names = writer.names
    body, variable = names.bodies[group.key], names.threads[group.key]
    of_index = group.is_group and group.key in names.of_index
    given = name_of(group)
    daemon = ", daemon=True" if group.daemon else ""
    all_args = [*(["index"] if of_index else []), *given_to(names, group.key, group.body)]
    args = f", args=({', '.join(all_args)}{',' * (len(all_args) == 1)})" if all_args else ""
    if group.timer is not None:
        made = f"{names.module('threading.Timer')}({group.timer!r}, {body}{args})"
    elif group.class_name is not None:
        made = f"{body}({''.join(f'{arg}, ' for arg in all_args)}name={given}{daemon})"
    else:
        made = f"{names.maker(names.words.one.title())}(target={body}{args}, name={given}{daemon})"
    if not group.is_group:
        lines = [f"{variable} = {made}"]
        return lines + ([f"{variable}.name = {given}"] if group.timer is not None else [])
    lines = _list(variable, made, members(writer, group, named=group.timer is None))
    if group.timer is not None:
        lines += [f"for index, thread in enumerate({variable}):", f"    thread.name = {given}"]
    return lines


def _list(variable: str, made: str, loop: str) -> list[str]:
    """A list of what is made in a loop, in lines that can be read."""
    whole = f"{variable} = [{made} for {loop}]"
    return [whole] if len(whole) <= WIDTH else [f"{variable} = [", f"    {made}", f"    for {loop}", "]"]


def name_of(group: ThreadGroup, index: str = "index") -> str:
    """The text that gives a thread's name, or that of a group's member; in a loop over a group whose names are not alike it is `name`."""
    if not group.is_group:
        return quoted(group.names[0])
    pattern = _pattern(group)
    if "{index}" in pattern and index.isidentifier():
        return f'f"{pattern.replace("{index}", f"{{{index}}}")}"'
    if pattern and "{index}" not in pattern:
        return quoted(pattern)
    return "name" if index == "index" else f"{literal(list(group.names))}[{index}]"


def members(writer: Writer, group: ThreadGroup, *, named: bool) -> str:
    """`index in range(workers)`: what a loop over a group says; `named`: their names are asked for in it."""
    pattern = _pattern(group)
    if named and not pattern:
        return f"index, name in enumerate({literal(list(group.names))})"
    used = group.key in writer.names.of_index or (named and "{index}" in pattern)
    return f"{'index' if used else '_'} in range({count(writer, group)})"


def count(writer: Writer, group: ThreadGroup) -> str:
    tree = writer.names.of.counts.get(group.key)
    return str(len(group.names)) if tree is None else writer.argument(tree)


def _pattern(group: ThreadGroup) -> str:
    """`worker-{index}`, where the names are so made; a name that all have; else nothing."""
    names = group.names
    if not names or any(set(name) & set('"\\{}') or not name.isprintable() for name in names):
        return ""
    first = names[0]
    if len(names) > 1 and all(name == first for name in names):
        return first
    for at in (at for at, letter in enumerate(first) if letter == "0"):
        before, behind = first[:at], first[at + 1 :]
        if all(name == f"{before}{index}{behind}" for index, name in enumerate(names)):
            return f"{before}{{index}}{behind}"
    return first if len(names) == 1 else ""
