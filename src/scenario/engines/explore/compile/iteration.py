"""What finds the next element of a shared container: how far a loop is stands in slots of its own, so that a state has it."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.model.code import Function
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.values import Unexplored
from scenario.results.undecided import NotFollowed
from scenario.steps.computing import sequence


def loading(handle: int, place: Function, reached: Function) -> Function:
    """The container, which the first access loads into its handle."""

    def function(w: Any, frame: list[object]) -> object:
        if frame[handle] is None:
            frame[handle] = w.load(handle, place(w, frame))
        return reached(w, frame)

    return function


def next_element(container: Function, view: str, slots: tuple[int, int, int]) -> Function:
    """`slots`: the position in a list, what is known of a dict or set, and a sequence of the thread's own."""
    p, k, s = slots

    def function(w: object, frame: list[Any]) -> tuple[object, ...]:
        items, position = container(w, frame), frame[p]
        match items:
            case list():
                frame[p] = position + 1
                return (items[position],) if position < len(items) else ()
            case dict():
                at, *keys = frame[k] or [0, *items]
                _check(items, keys)
                frame[k] = [at + 1, *keys]
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


def _check(items: dict[object, object], keys: list[object]) -> None:
    """Whether a dict has the keys that it had when the loop began. Where others have come in their places CPython goes on by memory."""
    if len(items) != len(keys):
        raise ScenarioError("RuntimeError", "dictionary changed size during iteration")
    if list(items) != keys:
        raise Unexplored(NotFollowed("key in another's place"))


def _of(items: dict[object, object], key: object, view: str) -> object:
    match view:
        case "values":
            return items[key]
        case "items":
            return key, items[key]
        case _:
            return key
