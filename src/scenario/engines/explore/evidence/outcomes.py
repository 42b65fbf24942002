"""An end of an execution as the judge wants it: values, registers, what claims ask of objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario.engines.explore.evidence.doubtful import ask_claims
from scenario.engines.explore.evidence.waits import blocked, in_file_order
from scenario.engines.explore.model.heap import values_in
from scenario.engines.explore.model.parts import ENDED, LIVING, SharedPart
from scenario.engines.explore.model.values import Future, Key, thaw
from scenario.engines.explore.model.views import plain
from scenario.engines.explore.step.primitives.model import Held
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.exceptions import bases
from scenario.results.outcome import Outcome, ThreadError
from scenario.results.waiting import Blocked


def outcome(
    stepper: Stepper,
    state: State,
    *,
    end: Any = "finished",
    stuck: tuple[int, ...] = (),
    cycle: tuple[str, ...] = (),
    starving: tuple[Blocked, ...] = (),
    held: Held | None = None,
) -> Outcome:
    """The outcome of an execution that ended in this state (`held`: who holds what, as the way there tells). Raises Unexplored."""
    layout = stepper.layout
    shared = stepper.shared[state[0]]
    ask_claims(layout, shared, _left(stepper, state))
    return Outcome(
        end=end,
        shared=variables(stepper, shared),
        registers=_registers(stepper, state, shared),
        objects=_objects(stepper, shared),
        output=shared.output,
        marks=shared.marks,
        errors={
            layout.threads[n].ref: ThreadError(name, bases(name), message, span)
            for n, name, message, span in shared.errors
        },
        failures=shared.failed,
        blocked=tuple(blocked(stepper, state, n, held) for n in in_file_order(stepper, stuck)),
        cycle=cycle,
        starving=starving,
        elapsed=shared.now if layout.virtual else None,
        over=frozenset(t.ref for t in layout.threads if shared.status[t.number] in ENDED),
    )


def variables(stepper: Stepper, shared: SharedPart) -> dict[str, object]:
    """The shared variables' values."""
    layout = stepper.layout
    values = {name: thaw(shared.vars[i]) for name, i in layout.vars.items()}
    values |= values_in(shared.heap, layout.followed) if layout.followed else {}
    return {name: plain(value, shared) for name, value in values.items()}


def _left(stepper: Stepper, state: State) -> dict[str, list[Key]]:
    """The registers as they are kept, by group."""
    left: dict[str, list[Key]] = {}
    for thread in stepper.layout.threads:
        left.setdefault(thread.group, []).append(stepper.parts[state[1 + thread.number]].registers)
    return left


def _registers(stepper: Stepper, state: State, shared: SharedPart) -> dict[str, Mapping[str, object]]:
    result: dict[str, Mapping[str, object]] = {}
    for thread in stepper.layout.threads:
        key = stepper.parts[state[1 + thread.number]].registers
        if key is not None:
            result[thread.ref] = {name: plain(value, shared) for name, value in thaw(key).items()}
    return result


def _objects(stepper: Stepper, shared: SharedPart) -> dict[tuple[str, int | None], Mapping[str, object]]:
    layout = stepper.layout
    result: dict[tuple[str, int | None], Mapping[str, object]] = {}
    for (name, index), number in layout.objects.items():
        result[name, index] = layout.models[number].asked(shared.objects)
    for place, number in layout.futures.items():
        result[place] = {"future": plain(Future(number), shared)}
    for group, members in layout.groups.items():
        alive = [shared.status[n] in LIVING for n in members]
        result[group, None] = {"alive": sum(alive), "blocked": 0, "is_alive": alive[0] if alive else False}
        for i, n in enumerate(members):
            thread = layout.threads[n]
            facts = {"is_alive": alive[i], "name": thread.name, "daemon": thread.daemon, "alive": int(alive[i])}
            result[group, i] = facts
            if len(members) == 1:
                result[group, None] = {**facts, **result[group, None]}
    return result
