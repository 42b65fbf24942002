"""The outcome of a run: what it left, as plain values."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.runtime import Run
from scenario.interpreter import objects as build
from scenario.program.whole import queried_at_the_end
from scenario.real.tracebacks import error_fact
from scenario.real.values import is_large, own_locals, view
from scenario.results.failures import Error, Failure, NoRoom
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked

End = Literal["finished", "deadlock", "livelock", "timeout", "ended", "interrupted"]

_LAST_STEP = 0.2
"""Seconds for a daemon to end the step that it is in: what it has written is looked at by that step's checks as well."""

_CUT_SHORT = frozenset({"timeout", "ended", "interrupted"})
"""Ends at which threads still go on."""


def outcome(
    run: Run,
    end: End,
    blocked: tuple[Blocked, ...] = (),
    failures: tuple[Failure, ...] = (),
) -> Outcome:
    """Everything that can be seen of the run now. Errors and failures come in the order of their threads."""
    elapsed, spent = time.perf_counter() - run.clock.began, run.clock.spent()
    with run.guard.still(_LAST_STEP if end == "finished" else 0):
        shared = {name: _read(value, end) for name, value in run.read_vars().items()}
        found = tuple(run.findings.failures.values())
    output = run.shown.output()
    order = [actor.ref for actor in run.members.actors] + ["main"]
    errors = dict(run.errors)
    return Outcome(
        end,
        shared,
        {ref: _locals(names, end) for ref, names in list(run.registers.items())},
        _objects(run),
        output,
        tuple(run.shown.marks),
        {
            ref: error_fact(run.module, ref, *errors[ref], ends=privates.raises_of_a_call)
            for ref in order
            if ref in errors
        },
        (*found, *failures),
        blocked,
        reached=frozenset(run.findings.reached),
        untrue=frozenset(run.findings.untrue.values()),
        elapsed=elapsed,
        cpu=spent,
        over=frozenset(a.ref for a in run.members.actors if a.started and not a.thread.is_alive()),
    )


def without_room(run: Run, error: RuntimeError) -> Outcome:
    """Of a run that Python can start no further thread for."""
    started = sum(actor.started for actor in run.members.actors)
    no_room = NoRoom(Error("RuntimeError", str(error)), started)
    return outcome(run, "ended", failures=(Failure(no_room, run.program.claims.at, "main"),))


def _read(value: object, end: End) -> object:
    """A copy. What is large is not copied while threads go on that want the processor too: it is shown as they leave it."""
    for _ in range(100):  # a daemon may be changing it
        try:
            return value if end in _CUT_SHORT and is_large(value) else view(value)
        except RuntimeError:
            continue
    return view(value)


def _locals(names: dict[str, object], end: End) -> dict[str, object]:
    return {name: _read(value, end) for name, value in own_locals(names)}


def _objects(run: Run) -> dict[tuple[str, int | None], dict[str, object]]:
    """The state of objects that the expectations ask for, of all elements of an array or group."""
    found: dict[tuple[str, int | None], dict[str, object]] = {}
    for name, attribute in queried_at_the_end(run.program):
        if name in run.primitives:
            place = run.primitives[name]
            elements = list(enumerate(place)) if isinstance(place, list) else [(None, place)]
            for index, element in elements:
                found.setdefault((name, index), {})[attribute] = view(build.state(element, attribute))
        else:
            _threads(run, name, attribute, found)
    return found


def _threads(run: Run, name: str, attribute: str, found: dict[tuple[str, int | None], dict[str, object]]) -> None:
    members = [actor for actor in run.members.actors if actor.group == name]
    if name == "main" and run.members.main is not None:
        members = [run.members.main]
    if attribute in ("alive", "blocked"):
        count = run.members.alive(name) if attribute == "alive" else run.members.blocked(name)
        found.setdefault((name, None), {})[attribute] = count
    values: dict[str, Callable[[Actor], object]] = {
        "is_alive": lambda a: a.alive, "name": lambda a: a.name, "daemon": lambda a: a.daemon,
        "alive": lambda a: int(a.alive), "blocked": lambda a: run.members.blocked_among([a]),
    }  # fmt: skip
    is_group = isinstance(run.threads.get(name), list)
    for actor in members:
        found.setdefault((name, actor.index if is_group else None), {})[attribute] = values[attribute](actor)
