"""Accesses as functions of a state and a frame's slots."""

from __future__ import annotations

from typing import assert_never

from scenario.engines.explore.compile.iteration import loading, next_element
from scenario.engines.explore.compile.spelling import Body, in_place
from scenario.engines.explore.model.code import Function
from scenario.steps import code as steps
from scenario.syntax import Local


def access(body: Body, of: steps.AnyAccess) -> tuple[Function, str]:
    """What it does, and what that is called in a trace."""
    function, action = _access(body, of)
    return (_after(tuple(map(body.function, of.reached)), function) if of.reached else function), action


def _access(body: Body, of: steps.AnyAccess) -> tuple[Function, str]:
    match of:
        case steps.Read(value):
            return body.function(value), "read"
        case steps.Load(place):
            return body.load(of.defines[0], place), "load"
        case steps.Call(call):
            return body.function(call), "call"
        case steps.Write(place, value):
            return body.statement(body.store(place, value)), "write"
        case steps.Delete(place):
            return body.statement(body.remove(place)), "delete"
        case steps.Update(place, operator, value):
            return _updating(body.function(place), body.statement(body.change(place, operator, value))), "update"
        case steps.Extend(container, operator, value, back):
            source = f"o = {body.text(container)}; {in_place('o', operator, body.text(value))}"
            return body.statement(source if back is None else f"{source}; {body.text(back)} = o"), "write"
        case steps.Next():
            return _next(body, of), "next"
        case _:
            assert_never(of)


def _after(reached: tuple[Function, ...], access: Function) -> Function:
    """What CPython has come to before may raise before the access does anything; reading it is part of that step."""

    def function(w: object, frame: list[object]) -> object:
        for each in reached:
            each(w, frame)
        return access(w, frame)

    return function


def _updating(read: Function, write: Function) -> Function:
    """What was read, in a tuple; an empty one if it was a container and has been changed."""

    def update(w: object, slots: list[object]) -> tuple[object, ...]:
        old = read(w, slots)
        if not isinstance(old, list | dict | set):
            return (old,)
        write(w, slots)
        return ()

    return update


def _next(body: Body, of: steps.Next) -> Function:
    container = body.function(of.container)
    if of.loads:
        assert isinstance(of.container, Local)
        assert of.shown is not None
        container = loading(body.slot(of.container.name), body.function(of.shown), container)
    p, k, s = of.defines[1:]
    return next_element(container, of.view, (p, k, s), of.reads)
