"""Completing futures, and the callbacks that run then, as concurrent/futures/_base.py has them.

The future is done with the completing step, so that whoever waits for it may go on at once. Its callbacks come after that,
step by step in the thread that has completed it, and what they raise (`except Exception`) is dropped.
"""

from __future__ import annotations

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import COUNTED, DONE, NAMELESS, WITHDRAWN, Call, FutureState, now_of
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Future, Key, Raised, Unexplored, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    finishing,
    handle,
    raising,
)
from scenario.engines.explore.step.primitives.model import Phase
from scenario.program.bounded.limits import MOST_CALLS
from scenario.program.exceptions import catches, text_of
from scenario.record import record
from scenario.results.undecided import NotFollowed


@record
class CallingBack(Phase):
    """The callbacks of a future that is done: one runs, `others` come after it, and `gives` is the operation's value."""

    others: tuple[Call, ...]
    gives: Key

    @property
    def runs(self) -> bool:
        return True

    def returned(self, w: Context, value: object) -> None:
        del value  # nobody has a use for it
        call_back(w, self.others, thaw(self.gives))

    def drops(self, w: Context, raised: Raised) -> bool:
        if catches("Exception", raised.name):
            return True
        if w.thread.pool is not None and len(w.frames) == 1:
            raise Unexplored(NotFollowed("callback that ends a worker", w.thread.ref))
        return False


def becomes(w: Context, future: int, state: FutureState) -> None:
    """What is known of it from now on; of a nameless one nothing is."""
    if future != NAMELESS:
        w.futures[future] = state


def settle(w: Context, future: int, state: str, value: object) -> None:
    """The future is done; its rank tells `as_completed` the order."""
    rank = 1 + max((one.rank for one in w.futures), default=0) if w.layout.ranks and state in COUNTED else 0
    becomes(w, future, FutureState(state, value, rank))


def complete(w: Context, future: int, state: str, value: object, gives: object = None) -> None:
    """The future is done, and its callbacks are run; then the operation has its value."""
    calls = now_of(w.futures, future).callbacks
    settle(w, future, state, value)
    call_back(w, calls, gives)


def call_back(w: Context, calls: tuple[Call, ...], gives: object) -> None:
    """Runs the first of them; without one the operation is over. One that would be nested too deep raises at once."""
    if not calls or len(w.frames) >= MOST_CALLS:
        w.finish(gives)
        return
    (routine, args), *others = calls
    w.stay(CallingBack(tuple(others), freeze(gives)))
    w.push(f"routine {routine}", thaw(args))


def without_callbacks(w: Context, future: int) -> None:
    """Of a future that is about to be done where nobody's steps can come in between. Raises Unexplored."""
    if now_of(w.futures, future).callbacks:
        raise Unexplored(NotFollowed("callbacks of a pool that ends"))


# --- operations ------------------------------------------------------------------------------------------

_IN_CPYTHON = {
    "pending": "PENDING", "running": "RUNNING", "finished": "FINISHED", "failed": "FINISHED", "cancelled": "CANCELLED",
    "notified": "CANCELLED_AND_NOTIFIED",
}  # fmt: skip


def set_result(w: Context, op: Operate) -> Alternatives:
    return _completing(w, op, "finished", freeze(argument(w, op, "value")))


def set_exception(w: Context, op: Operate) -> Alternatives:
    words = [argument(w, op, "message")] if "message" in op.args else []
    made = Raised(op.exception, on_values(text_of, op.exception, *words))
    return _completing(w, op, "failed", freeze(made))


def _completing(w: Context, op: Operate, state: str, value: Key) -> Alternatives:
    future = handle(argument(w, op, "future"), op.verb.verb)
    now = w.futures[future.number]
    if now.state in DONE:
        return raising("InvalidStateError", f"{_IN_CPYTHON[now.state]}: {_text(now)}")
    _own(w, future)
    return (Alternative(lambda v: complete(v, future.number, state, value)),)


def _text(of: FutureState) -> str:
    """What CPython shows of one that is done, but for where it lies in memory (as `real.values.text_of`)."""
    if of.state in WITHDRAWN:
        return "<Future at 0x… state=cancelled>"
    value = thaw(of.value)
    return f"<Future at 0x… state=finished {'raised' if of.state == 'failed' else 'returned'} {type(value).__name__}>"


def _own(w: Context, future: Future) -> None:
    """A pool's worker ends of it where somebody else has completed its call. Raises Unexplored."""
    if future.number >= len(w.layout.futures):
        raise Unexplored(NotFollowed("future of a pool"))


def set_running(w: Context, op: Operate) -> Alternatives:
    future = handle(argument(w, op, "future"), op.verb.verb)
    now = w.futures[future.number]
    match now.state:
        case "pending":
            _own(w, future)
            return (Alternative(lambda v: _run(v, future.number, now)),)
        case "cancelled":
            _own(w, future)
            return (Alternative(lambda v: _notify(v, future.number)),)
        case _:
            return raising("RuntimeError", "Future in unexpected state")


def _run(w: Context, future: int, now: FutureState) -> None:
    w.futures[future] = now._replace(state="running")
    w.finish(value=True)


def _notify(w: Context, future: int) -> None:
    """Whoever waits for several hears of it."""
    settle(w, future, "notified", None)
    w.finish(value=False)


def add_done_callback(w: Context, op: Operate) -> Alternatives:
    """One that is done calls back at once."""
    future = handle(argument(w, op, "future"), op.verb.verb)
    now = w.futures[future.number]
    call = op.routine, freeze([argument(w, op, name) for name in op.args if name.startswith("arg")])
    if now.state in DONE:
        return (Alternative(lambda v: call_back(v, (call,), None)),)
    return (Alternative(lambda v: _add(v, future.number, now, call)),)


def _add(w: Context, future: int, now: FutureState, call: Call) -> None:
    w.futures[future] = now._replace(callbacks=(*now.callbacks, call))
    w.finish()


def cancel(w: Context, op: Operate) -> Alternatives:
    future = handle(argument(w, op, "future"), "cancel")
    state = w.futures[future.number].state
    if state != "pending":
        return (Alternative(finishing(value=state in WITHDRAWN)),)
    return (Alternative(lambda v: complete(v, future.number, "cancelled", None, gives=True)),)
