"""What a file uses and its runtime does not have: said at its place, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.compile import codes
from scenario.compile.checks.on_processes import on_processes
from scenario.compile.checks.unfit import Unfit, may_wait, primitives, threads_with
from scenario.compile.findings import Findings
from scenario.language.runtimes import KINDS_MISSING, RUNTIMES
from scenario.program import ops
from scenario.program.program import Barrier, Program
from scenario.program.walk import walk_all
from scenario.program.whole import bodies
from scenario.spec.scenario import Scenario
from scenario.syntax import FutureQuery


def check_runtime(program: Program, model: Scenario, found: Findings) -> None:
    """Report all that the program's runtime does not have."""
    for only in _ONLY.keys() - {program.runtime}:
        for unfit in _ONLY[only](program):
            found.add(codes.RUNTIME, f"{program.runtime} has no {unfit.what}", unfit.span, unfit.instead)
    if program.runtime == RUNTIMES[0]:
        return
    interrupts = threads_with(
        model, "interrupts", "interrupts", "leave it to threading (`expect` may differ by runtime)"
    )
    own = (Unfit("calls of your own code yet", one.span, "leave it to `threading`") for one in program.python.values())
    for unfit in (*own, *_kinds(program, model), *interrupts, *_OTHERS[program.runtime](program, model)):
        found.add(codes.RUNTIME, f"{program.runtime} has no {unfit.what}", unfit.span, unfit.instead)


def _kinds(program: Program, model: Scenario) -> Iterator[Unfit]:
    missing = KINDS_MISSING[program.runtime]
    for one in primitives(model):
        if one.kind in missing:
            yield Unfit(one.kind, one.span, missing[one.kind])


def _on_asyncio(program: Program, model: Scenario) -> Iterator[Unfit]:
    yield from threads_with(model, "class", "class of its own for a task", "leave `class` out")
    for one in primitives(model):
        if one.kind == "Barrier" and one.name("action") is not None:
            yield Unfit("action of a barrier", one.at("action"), "let who gets index 0 (`into`) take these steps")
    for built in program.primitives:  # threading has refused them since 3.13
        if any(isinstance(kind, Barrier) and kind.parties < 1 for kind in built.elements):
            yield Unfit("barrier of fewer than one party", built.span, "give it as many `parties` as come to it")
    for node in walk_all(bodies(program)):
        match node:
            case ops.SetRunning():
                yield Unfit("set_running_or_notify_cancel", node.span, "leave it out: asyncio's futures never run")
            case ops.AddDoneCallback(routine=routine) if may_wait(routine, program):
                instead = "let it wake a thread that waits: it `set`s an event, or puts with `block: false`"
                yield Unfit("callbacks that may wait", node.span, instead)
            case FutureQuery(_, "running"):
                yield Unfit("running() of a future", node.span, "ask `done()`: it is done, or pending")
            case _:
                pass


def _of_tasks(program: Program) -> Iterator[Unfit]:
    """What there is on asyncio alone."""
    for node in walk_all(bodies(program)):
        match node:
            case ops.CancelThread():
                instead = "`set` an event that it looks at; a task is cancelled (`runtimes: [asyncio]`)"
                yield Unfit("cancellation of a thread", node.span, instead)
            case ops.Timeout():
                instead = "give each step in it its own `timeout`; it is asyncio's (`runtimes: [asyncio]`)"
                yield Unfit("timeout around steps", node.span, instead)
            case _:
                pass


def _of_processes(program: Program) -> Iterator[Unfit]:
    """What there is on multiprocessing alone."""
    for node in walk_all(bodies(program)):
        if isinstance(node, ops.Kill):
            instead = "`set` an event that it looks at; a process is killed (`runtimes: [multiprocessing]`)"
            yield Unfit("killing of a thread", node.span, instead)


_OTHERS = {"asyncio": _on_asyncio, "multiprocessing": on_processes}
_ONLY = {"asyncio": _of_tasks, "multiprocessing": _of_processes}
