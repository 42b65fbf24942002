"""What finds the next element of a shared container: how far a loop is stands in slots of its own, so that a state has it."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.model.code import Function
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Unexplored
from scenario.results.undecided import NotFollowed
from scenario.steps.computing import looked_at, sequence


def loading(handle: int, place: Function, reached: Function) -> Function:
    """The container, which the first access loads into its handle."""

    def function(w: Any, frame: list[object]) -> object:
        if frame[handle] is None:
            frame[handle] = w.load(handle, place(w, frame))
        return reached(w, frame)

    return function


def next_element(container: Function, view: str, slots: tuple[int, int, int], names: frozenset[str]) -> Function:
    """`slots`: the position in a list, what is known of a dict or set, and a sequence of the thread's own; `names` of the variables."""
    p, k, s = slots

    def function(w: Any, frame: list[Any]) -> tuple[object, ...]:
        items, position = on_values(looked_at, container(w, frame), view), frame[p]
        match items:
            case list():
                frame[p] = position + 1
                return (items[position],) if position < len(items) else ()
            case dict():
                taken = w.S.times_taken(names)
                at, before, *keys = frame[k] or [0, taken, *items]
                _check(items, keys, was_taken=taken != before)
                frame[k] = [at + 1, taken, *keys]
                return tuple(_of(items, key, view) for key in keys[at : at + 1])
            case set():
                size, *left = frame[k] or [len(items), *items]
                if len(items) != size:
                    raise ScenarioError("RuntimeError", "Set changed size during iteration")
                frame[k] = [size, *left[1:]]
                return tuple(left[:1])
            case _:
                frame[s] = sequence(items)
                return ()

    return function


def _check(items: dict[object, object], keys: list[object], *, was_taken: bool) -> None:
    """Whether a dict has the keys that it had when the loop began. Where some were taken out and others came, CPython goes on by memory."""
    if len(items) != len(keys):
        raise ScenarioError("RuntimeError", "dictionary changed size during iteration")
    if was_taken or list(items) != keys:
        raise Unexplored(NotFollowed("key in another's place"))


def _of(items: dict[object, object], key: object, view: str) -> object:
    match view:
        case "values":
            return items[key]
        case "items":
            return key, items[key]
        case _:
            return key
