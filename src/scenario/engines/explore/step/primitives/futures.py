"""Futures, as concurrent/futures/_base.py has them.

A call that is cancelled stays in its pool's queue: `result` and `done()` know at once, `wait` and `as_completed` hear of it
when a worker takes it off, and never when `shutdown` with `cancel_futures` has emptied the queue.
"""

from __future__ import annotations

from itertools import permutations
from math import factorial

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import COUNTED, PoolState, ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Future, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    handle,
    picks,
    raising,
    summed,
)
from scenario.engines.explore.step.primitives.model import Phase, Standing
from scenario.program import ops
from scenario.program.bounded.sets import Set
from scenario.record import record
from scenario.results.waiting import Wait


@record
class Calling(Phase):
    """A worker runs the future's call."""

    future: int

    @property
    def runs(self) -> bool:
        return True

    def returned(self, w: Context, value: object) -> None:
        """On to the step that finishes the call."""
        w.frame.locals[w.instruction.defines[1]] = True
        w.finish(thaw(freeze(value)))
        w.stay(self)

    def left(self, w: Context) -> None:
        """What the call raises is the future's."""


# --- operations ------------------------------------------------------------------------------------


def _handles(w: Context, op: Operate) -> list[Future]:
    """Each future once, in the order of their making."""
    given = on_values(set, argument(w, op, "futures"))
    return sorted((handle(value, "_condition") for value in given), key=lambda future: future.number)


def result(w: Context, op: Operate) -> Alternatives:
    future = handle(argument(w, op, "future"), "result")
    state, value, *_ = w.futures[future.number]
    match state:
        case "finished":
            return (Alternative(finishing(thaw(value))),)
        case "failed":
            raised = thaw(value)
            return raising(raised.name, raised.message)
        case "cancelled" | "notified":
            return raising("CancelledError")
        case _:
            timeout = argument(w, op, "timeout")
            return blocked(w, timeout, lambda _: _expired())


def _expired(message: str = "") -> None:
    raise ScenarioError("TimeoutError", message)


def wait_futures(w: Context, op: Operate) -> Alternatives:
    futures = Set(_handles(w, op))
    done = Set(f for f in futures if w.futures[f.number].state in COUNTED)
    when = argument(w, op, "return_when", "ALL_COMPLETED")
    failed = any(w.futures[f.number].state == "failed" for f in done)
    ready = len(done) == len(futures) or (when == "FIRST_COMPLETED" and done) or (when == "FIRST_EXCEPTION" and failed)
    go_on = finishing((done, futures - done))
    if not ready and when not in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"):
        return raising("ValueError", f"Invalid return condition: {when!r}")
    return (Alternative(go_on),) if ready else blocked(w, argument(w, op, "timeout"), go_on)


def as_completed(w: Context, op: Operate) -> Alternatives:
    """`look`: what is done now, in any order, and what is not; `next`: the first of those to complete."""
    futures = _handles(w, op)
    done = [f for f in futures if w.futures[f.number].state in COUNTED]
    if op.part == "look":
        pending = [f for f in futures if f not in done]
        return tuple(
            Alternative(finishing([list(order), pending])) for order in picks(permutations(done), factorial(len(done)))
        )
    if done:
        return (Alternative(finishing(min(done, key=lambda f: w.futures[f.number].rank))),)
    unfinished = f"{len(futures)} (of {argument(w, op, 'total')}) futures unfinished"
    return blocked(w, summed(argument(w, op, "timeout")), lambda _: _expired(unfinished))


# --- what is waited for ----------------------------------------------------------------------------


def wait_one(at: Standing) -> Wait:
    """Who runs its call, or where it is queued."""
    return _wait(at, argument(at.w, at.op, "future"))


def _wait(at: Standing, future: object) -> Wait:
    layout = at.w.layout
    if not isinstance(future, Future):
        return Wait("future")
    by = tuple(at.inside(lambda phase: phase == Calling(future.number)))
    if by:
        (pool,) = (thread.pool for thread in layout.threads if thread.ref == by[0])
        return Wait("future", "" if pool is None else layout.name_of(pool), by=by)
    own = next((place for place, number in layout.futures.items() if number == future.number), None)
    if own is not None:
        return Wait("future", layout.name_of(layout.objects[own]))
    for number, state in enumerate(at.w.objects):
        queued = state.calls if isinstance(state, PoolState) else ()
        for routine in (routine for call, routine, _ in queued if call == future.number):
            return Wait("future", layout.name_of(number), routine=routine)
    return Wait("future")


def wait_many(at: Standing) -> Wait:
    """Several: how many must be done, how many are, who runs the calls of the others."""
    w, op = at.w, at.op
    futures = {future for future in argument(w, op, "futures") if isinstance(future, Future)}
    pending = sorted(f.number for f in futures if w.futures[f.number].state not in COUNTED)
    each = [_wait(at, Future(number)) for number in pending]
    pools = {wait.name for wait in each}
    everyone = op.verb is ops.WaitFutures and argument(w, op, "return_when", "ALL_COMPLETED") != "FIRST_COMPLETED"
    return Wait(
        "futures",
        pools.pop() if len(pools) == 1 else "",
        by=tuple(dict.fromkeys(ref for wait in each for ref in wait.by)),
        needs=len(futures) if everyone else 1,
        has=len(futures) - len(pending),
    )
