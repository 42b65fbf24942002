"""Numbers the threads and objects of a program and compiles their bodies: its layout."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from scenario.engines.explore.compile.bodies import compiled_body
from scenario.engines.explore.model.code import Access, Code
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.primitives.model import Model
from scenario.engines.explore.step.primitives.processes.kinds import Processes, Told, processes
from scenario.engines.explore.step.primitives.table import models
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.ops import AsCompleted, Block
from scenario.program.program import (
    Condition,
    Future,
    Interrupt,
    Kind,
    Program,
    RLock,
    ThreadGroup,
    ThreadPool,
    element_name,
    thread_ref,
)
from scenario.program.whole import counts_tasks, ends_are_steps, every_node, has_thread_pools, main_starts_all
from scenario.source import Span
from scenario.steps.following import followed
from scenario.steps.lower.bodies import body_code
from scenario.steps.lower.workers import worker_code
from scenario.syntax import Register

DEFAULT_WORKERS = min(32, (os.cpu_count() or 1) + 4)
"""Workers that a pool without `max_workers` may start: what `ThreadPoolExecutor` takes on this machine."""


def layout(program: Program, look: Look = unhurried) -> Layout:
    """Numbers everything and compiles the bodies, under the program's own settings."""
    settings = program.settings
    objects, kinds, locks = _objects(program)
    shared = processes(program)
    made = _models(program, objects, kinds, locks, shared)
    registers = _registers(program)

    def body(
        name: str,
        block: Block,
        params: tuple[str, ...] = (),
        registers: frozenset[str] = frozenset(),
        timer: Span | None = None,
        *,
        is_called: bool = False,
    ) -> Code:
        made = body_code(program, name, block, params, registers, timer=timer, is_called=is_called, look=look)
        return compiled_body(made, look)

    codes = {
        f"routine {r.name}": body(f"routine {r.name}", r.body, r.params, is_called=True)
        for r in program.routines.values()
    }
    threads: list[Thread] = []
    main = None
    if program.main is not None:
        main = 0
        codes["main"] = body("main", program.main, registers=registers.get("main", frozenset()))
        threads.append(Thread(0, "main", "MainThread", 0, "main", "main", interrupts=program.interrupts_of("main")))
    for group in program.groups:
        code, interrupts = f"thread {group.key}", program.interrupts_of(group.key)
        asked = registers.get(group.key, frozenset())
        fires = group.span if group.timer is not None else None
        codes[code] = body(code, group.body, registers=asked, timer=fires)
        threads += _members(group, code, len(threads), interrupts, look)
    default_main = None
    if program.main is None and has_thread_pools(program):
        default_main = len(threads)
        codes["main"] = body("main", ())
        threads.append(Thread(default_main, "main", "MainThread", 0, "main", "main"))
    unnamed = count()
    for (name, index), number in objects.items():
        _workers(program, threads, codes, (name, index, number), kinds, unnamed, look)
    return Layout(
        program, tuple(threads), objects, kinds, made, locks, codes, {v.name: i for i, v in enumerate(program.vars)},
        main, default_main, main_starts_all(program), ends_are_steps(program), settings.clock == "virtual",
        settings.wake == "fifo", settings.spurious, _ranks(program), shared,
        _by_group(program, threads), frozenset(),
        tuple(v.name for v in program.vars if v.name in followed(program)), _own_futures(objects, kinds), _counted(codes),
    )  # fmt: skip


def _by_group(program: Program, threads: Iterable[Thread]) -> dict[str, tuple[int, ...]]:
    """The numbers of each group's members; a group may have none."""
    groups: dict[str, list[int]] = {group.key: [] for group in program.groups}
    for thread in threads:
        groups.setdefault(thread.group, []).append(thread.number)
    return {group: tuple(numbers) for group, numbers in groups.items()}


def _members(
    group: ThreadGroup, code: str, first: int, interrupts: tuple[Interrupt, ...], look: Look
) -> Iterator[Thread]:
    """The threads of a group, numbered from the first on."""
    for i, name in enumerate(group.names):
        look()
        ref = thread_ref(group, i)
        yield Thread(first + i, ref, name, i, group.key, code, group.daemon, group.timer, interrupts=interrupts)


def _models(
    program: Program,
    objects: Mapping[tuple[str, int | None], int],
    kinds: Sequence[Kind],
    locks: Mapping[int, int],
    shared: Processes | None,
) -> tuple[Model, ...]:
    """The model of each object: those of multiprocessing are others."""
    if shared is None:
        return models(kinds, locks, counts_tasks=counts_tasks(program))
    from scenario.engines.explore.step.primitives.processes.table import models_of_processes

    return models_of_processes(kinds, locks, _told(objects, kinds, shared), counts_tasks=counts_tasks(program))


def _told(objects: Mapping[tuple[str, int | None], int], kinds: Sequence[Kind], shared: Processes) -> tuple[Told, ...]:
    """What is told of each object; a lock that a condition has made for itself has no name."""
    names = {number: name for (name, _), number in objects.items()}
    return tuple(shared.of(names.get(number, "")) for number in range(len(kinds)))


def _counted(codes: Mapping[str, Code]) -> dict[str, int]:
    """The variables through which some loop goes and out of which some access may take a key, numbered."""
    accesses = [i for code in codes.values() for i in code.instructions if isinstance(i, Access)]
    looped = {name for access in accesses if access.action == "next" for name in access.reads}
    taken = {name for access in accesses for name in access.takes}
    return {name: number for number, name in enumerate(sorted(looped & taken))}


def _objects(program: Program) -> tuple[dict[tuple[str, int | None], int], tuple[Kind, ...], dict[int, int]]:
    objects: dict[tuple[str, int | None], int] = {}
    kinds: list[Kind] = []
    for primitive in program.primitives:
        for i, kind in enumerate(primitive.elements):
            objects[primitive.name, i if primitive.is_array else None] = len(kinds)
            kinds.append(kind)
    locks = {}
    for number, kind in enumerate(tuple(kinds)):
        if isinstance(kind, Condition):
            if kind.lock is None:
                locks[number] = len(kinds)
                kinds.append(RLock())
            else:
                locks[number] = objects[kind.lock]
        else:
            locks[number] = number
    return objects, tuple(kinds), locks


def _own_futures(
    objects: Mapping[tuple[str, int | None], int], kinds: Sequence[Kind]
) -> dict[tuple[str, int | None], int]:
    own = (place for place, number in objects.items() if isinstance(kinds[number], Future))
    return {place: number for number, place in enumerate(own)}


def _workers(
    program: Program,
    threads: list[Thread],
    codes: dict[str, Code],
    pool: tuple[str, int | None, int],
    kinds: Sequence[Kind],
    unnamed: Iterator[int],
    look: Look,
) -> None:
    """`unnamed`: Python numbers the pools that have no prefix (process pools have no such names)."""
    name, index, number = pool
    kind = kinds[number]
    if not isinstance(kind, ThreadPool):
        return
    label = element_name(name, index)
    code = f"worker of {label}"
    codes[code] = compiled_body(worker_code(program, code, name, index, kind))
    prefix = kind.thread_name_prefix or f"ThreadPoolExecutor-{next(unnamed)}"
    for i in range(kind.max_workers or DEFAULT_WORKERS):
        look()
        threads.append(
            Thread(len(threads), f"{label}-worker[{i}]", f"{prefix}_{i}", i, f"{label}-worker", code, pool=number)
        )


def _registers(program: Program) -> dict[str, frozenset[str]]:
    """The locals of each group that claims ask for."""
    found: dict[str, set[str]] = {}
    for node in every_node(program):
        if isinstance(node, Register):
            found.setdefault(node.thread.name, set()).add(node.local)
    return {group: frozenset(names) for group, names in found.items()}


def _ranks(program: Program) -> bool:
    """Whether anything asks in which order futures were done."""
    return any(isinstance(node, AsCompleted) for node in every_node(program))
