"""The outcome of a run: what it left, as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from scenario.engines.tasks import objects
from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import counts_as_blocked
from scenario.program.whole import queried_at_the_end
from scenario.real.tracebacks import error_fact
from scenario.real.values import own_locals, view
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked, Busy

End = Literal["finished", "deadlock", "livelock", "timeout", "ended", "interrupted"]


def outcome(run: Run, end: End, blocked: tuple[Blocked, ...] = (), busy: tuple[Busy, ...] = ()) -> Outcome:
    """Everything that can be seen of the run now. Errors and failures come in the order of their threads."""
    order = [actor.ref for actor in run.members.actors] + ["main"]
    return Outcome(
        end,
        {name: view(value) for name, value in run.read_vars().items()},
        {ref: _locals(names) for ref, names in run.registers.items()},
        _objects(run),
        tuple(run.output),
        tuple(run.marks),
        {ref: error_fact(run.module, ref, *run.errors[ref]) for ref in order if ref in run.errors},
        tuple(run.findings.failures.values()),
        blocked,
        reached=frozenset(run.findings.reached),
        untrue=frozenset(run.findings.untrue.values()),
        elapsed=run.now(),
        cpu=run.spent(),
        over=frozenset(actor.ref for actor in run.members.actors if actor.ended),
        busy=busy,
    )


def livelock(run: Run, cycle: tuple[str, ...]) -> Outcome:
    """What is there where these go on for ever."""
    return replace(outcome(run, "livelock"), cycle=cycle, elapsed=None)


def _locals(names: dict[str, object]) -> dict[str, object]:
    return {name: view(value) for name, value in own_locals(names)}


def _objects(run: Run) -> dict[tuple[str, int | None], dict[str, object]]:
    """The state of objects that the expectations ask for, of all elements of an array or group."""
    found: dict[tuple[str, int | None], dict[str, object]] = {}
    for name, attribute in queried_at_the_end(run.program):
        if name in run.primitives:
            place = run.primitives[name]
            for index, element in list(enumerate(place)) if isinstance(place, list) else [(None, place)]:
                found.setdefault((name, index), {})[attribute] = view(objects.state(element, attribute))
            continue
        if attribute in ("alive", "blocked"):
            count = run.members.alive(name) if attribute == "alive" else run.blocked(name)
            found.setdefault((name, None), {})[attribute] = count
        for actor in run.members.of(name):
            index = actor.index if isinstance(run.threads.get(name), list) else None
            found.setdefault((name, index), {})[attribute] = _asked(actor, attribute)
    return found


def _asked(actor: Actor, attribute: str) -> object:
    match attribute:
        case "name":
            return actor.name
        case "daemon":
            return actor.daemon
        case "blocked":
            return int(counts_as_blocked(actor))
        case "alive":
            return int(actor.alive)
        case _:
            return actor.alive
