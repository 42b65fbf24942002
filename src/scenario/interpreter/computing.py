"""What instructions evaluate over the real objects, and places of the thread's own. No step."""

from __future__ import annotations

from typing import Any

from scenario.interpreter.environment import Held, LiveEnvironment
from scenario.interpreter.objects import exception_class
from scenario.interpreter.refusals import ask_time
from scenario.program.bounded.operators import IN_PLACE
from scenario.program.unpacking import unpacked
from scenario.real.values import fresh, text_of
from scenario.steps import values as v
from scenario.steps.computing import is_container, sequence, timed, times
from scenario.syntax import Expr, Local, Shared, Slice, Subscript, TlsField

CAUGHT = "$caught"
"""Where a frame keeps the exception that has come to a handler."""


def value_of(e: LiveEnvironment, of: v.Value) -> Any:
    match of:
        case v.Sequence(value):
            return sequence(e.plain(value))
        case v.OwnSequence(handle):
            return None if isinstance(e.frame[handle.name], Held) else sequence(e.plain(handle))
        case v.Unpacked(value, before, after):
            return unpacked(e.plain(value), before, after)
        case v.Times(value):
            return times(e.plain(value))
        case v.Pause(seconds):
            return _pause(e.plain(seconds))
        case v.Timed(seconds):
            return timed(e.plain(seconds))
        case v.Deadline(seconds):
            given = e.plain(seconds)
            return e.stage.moment + given if isinstance(given, int | float) else given
        case v.Left(seconds, deadline):
            return _left(e, e.plain(seconds), e.plain(deadline))
        case v.Bound(value, method):
            return getattr(e.plain(value), method)
        case v.Copied(value):
            return fresh(e.plain(value))
        case v.Caught():
            return e.frame[CAUGHT]
        case v.Message(caught):
            return text_of(e.plain(caught))
        case v.IsContainer(value):
            return is_container(e.plain(value))
        case v.IsCaughtBy(exception, caught):
            return isinstance(e.plain(caught), exception_class(exception))
        case _:
            return e.plain(of)


def _pause(seconds: Any) -> object:
    """Raises what `sleep` raises of it."""
    ask_time(abs(seconds) if isinstance(seconds, int | float) else seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    return seconds


def _left(e: LiveEnvironment, seconds: Any, deadline: Any) -> object:
    """All of it without the virtual clock; what is no number is refused before a lock is let go."""
    if seconds is None:
        return None
    e.stage.moment + seconds
    return deadline - e.stage.moment if e.stage.is_virtual else seconds


# --- places ----------------------------------------------------------------------------------------------


def store(e: LiveEnvironment, place: Expr, value: object) -> None:
    """`place = value`."""
    match place:
        case Local(name):
            e.frame[name] = value
        case Shared(name):
            e.stage.shared[name] = value
        case TlsField(tls, field):
            setattr(e.object(tls.name, None if tls.index is None else e.plain(tls.index)), field, value)
        case Subscript(container, index):
            e.plain(container)[_index(e, index)] = value
        case _:
            raise TypeError(f"no place: {place!r}")


def remove(e: LiveEnvironment, place: Expr) -> None:
    """`del place`."""
    assert isinstance(place, Subscript)
    del e.plain(place.value)[_index(e, place.index)]


def change(e: LiveEnvironment, place: Expr, operator: str, value: Expr) -> object:
    """`place op= value`; what stands there then."""
    old = e.plain(place)
    changed = IN_PLACE[operator](old, e.plain(value))
    store(e, place, changed)
    return changed


def _index(e: LiveEnvironment, index: Expr | Slice) -> object:
    if isinstance(index, Slice):
        return slice(*(None if part is None else e.plain(part) for part in (index.lower, index.upper, index.step)))
    return e.plain(index)
