"""The objects of the module: primitives and threads as their constructors' calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from scenario.export.python.expressions import Writer, literal, quoted
from scenario.export.python.names import Names, identifier
from scenario.language import primitives as p
from scenario.program.program import Primitive, ThreadGroup
from scenario.program.walk import walk
from scenario.syntax import Expr, Local


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
    return f"{identifier(given.name)} = {made}"


def _uses_index(tree: Expr) -> bool:
    return any(isinstance(node, Local) for node in walk(tree))


def _call(names: Names, kind: p.Kind, said: Mapping[str, str]) -> str:
    """`said`: arguments as the file computes them."""
    module = names.module

    def argument(name: str, value: float | None) -> str | None:
        return said.get(name, None if value is None else repr(value))

    match kind:
        case p.Lock() | p.RLock() | p.Event():
            return f"{module(f'threading.{type(kind).__name__}')}()"
        case p.Semaphore(value) | p.BoundedSemaphore(value):
            return f"{module(f'threading.{type(kind).__name__}')}({argument('value', value)})"
        case p.Condition(None):
            return f"{module('threading.Condition')}()"
        case p.Condition((name, element)):
            lock = identifier(name) if element is None else f"{identifier(name)}[{element}]"
            return f"{module('threading.Condition')}({lock})"
        case p.Barrier(parties, action, timeout):
            more = _keywords(action=identifier(action) if action else None, timeout=argument("timeout", timeout))
            return f"{module('threading.Barrier')}({argument('parties', parties)}{more})"
        case p.Queue(maxsize) | p.LifoQueue(maxsize) | p.PriorityQueue(maxsize):
            return f"{module(f'queue.{type(kind).__name__}')}({argument('maxsize', maxsize or None) or ''})"
        case p.SimpleQueue():
            return f"{module('queue.SimpleQueue')}()"
        case p.ThreadLocal():
            return f"{module('threading.local')}()"
        case p.Future():
            return f"{module('concurrent.futures.Future')}()"
        case p.ThreadPool(workers, initializer, prefix):
            more = _keywords(
                max_workers=argument("max_workers", workers),
                thread_name_prefix=quoted(prefix) if prefix else None,
                initializer=identifier(initializer) if initializer else None,
            )
            return f"{module('concurrent.futures.ThreadPoolExecutor')}({more.removeprefix(', ')})"
        case p.ProcessPool(workers, initializer):
            more = _keywords(
                max_workers=argument("max_workers", workers),
                initializer=identifier(initializer) if initializer else None,
            )
            return f"{module('concurrent.futures.ProcessPoolExecutor')}({more.removeprefix(', ')})"
        case p.Condition():
            raise AssertionError
        case _:
            assert_never(kind)


def _keywords(**given: object) -> str:
    return "".join(f", {name}={value}" for name, value in given.items() if value is not None)


def needs_routines(given: Primitive) -> bool:
    """Whether a routine belongs to it, so that it stands behind the functions."""
    return any(getattr(kind, "action", None) or getattr(kind, "initializer", None) for kind in given.elements)


def is_pool(given: Primitive) -> bool:
    return any(isinstance(kind, p.ThreadPool | p.ProcessPool) for kind in given.elements)


def is_of_processes(given: Primitive) -> bool:
    return any(isinstance(kind, p.ProcessPool) for kind in given.elements)


def thread(writer: Writer, group: ThreadGroup, *, of_index: bool) -> list[str]:
    """The lines that make a thread, or a group's list of them."""
    names = writer.names
    body, variable = names.bodies[group.key], names.threads[group.key]
    pattern = _pattern(group)
    each = f'f"{pattern}"' if "{index}" in pattern else quoted(pattern)
    given = each if group.is_group else quoted(group.names[0])
    daemon = ", daemon=True" if group.daemon else ""
    args = ", args=(index,)" if of_index else ""
    if group.timer is not None:
        made = f"{names.module('threading.Timer')}({group.timer!r}, {body}{args})"
    elif group.class_name is not None:
        made = f"{body}(name={given}{daemon})"
    else:
        made = f"{names.module('threading.Thread')}(target={body}{args}, name={given}{daemon})"
    if not group.is_group:
        lines = [f"{variable} = {made}"]
        return lines + ([f"{variable}.name = {given}"] if group.timer is not None else [])
    if pattern:
        used = of_index or ("{index}" in pattern and group.timer is None)
        lines = [f"{variable} = [{made} for {'index' if used else '_'} in range({_count(writer, group)})]"]
    else:
        lines = [
            f"{variable} = [{made.replace(each, 'name')} for index, name in enumerate({literal(list(group.names))})]"
        ]
    if group.timer is not None:
        lines += [f"for index, thread in enumerate({variable}):", f"    thread.name = {given}"]
    return lines


def _count(writer: Writer, group: ThreadGroup) -> str:
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
