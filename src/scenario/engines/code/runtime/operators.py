"""The gates of operators: each does what stands there with its operands in hand, as one step, unless a method of the user's own does it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import cast

from scenario.engines.code.operation import EVERYTHING, Touches, content
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.kinds import FLAT, Kinds
from scenario.engines.code.runtime.reach import changed, reached

Function = Callable[..., object]
CONVERSIONS: dict[int, Callable[[object], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def _in(element: object, of: object) -> bool:
    return operator.contains(cast("list[object]", of), element)


def _not_in(element: object, of: object) -> bool:
    return not operator.contains(cast("list[object]", of), element)


MEMBERSHIP: dict[str, Function] = {"in": _in, "not in": _not_in}


class Operators:
    """Those of one set of gates."""

    def __init__(self, gates: Gates, kinds: Kinds) -> None:
        self._gates, self._kinds = gates, kinds
        self._functions: dict[str, Function] = {**vars(operator), **MEMBERSHIP}

    def named(self) -> dict[str, object]:
        """By the names that rewritten code has for them."""
        return {
            "binary": self.binary, "unary": self.unary, "inplace": self.inplace, "truth": self.truth, "format": self.format,
            "operand": self.operand,
        }  # fmt: skip

    def binary(self, number: int, name: str, left: object, right: object) -> object:
        """`left + right`, `left < right`, `left in right` and their like."""
        function = self._functions[name]
        if type(left) in FLAT and type(right) in FLAT:
            return function(left, right)
        return self._done(number, function, left, right)

    def unary(self, number: int, name: str, value: object) -> object:
        """`-value` and its like."""
        return self._done(number, self._functions[name], value)

    def _done(self, number: int, function: Function, *operands: object) -> object:
        actor = self._gates.acting()
        if actor is None:
            return function(*operands)
        look = partial(reached, self._kinds, operands)
        return (
            self._gates.run(actor, number, touches, look, function, *operands)
            if (touches := look())
            else function(*operands)
        )

    def inplace(self, number: int, name: str, left: object, right: object) -> object:
        """`left += right` and its like."""
        function = self._functions[name]
        if type(left) in FLAT and type(right) in FLAT:
            return function(left, right)
        actor = self._gates.acting()
        if actor is None:
            return function(left, right)
        look = partial(self._of_inplace, left, right)
        return (
            self._gates.run(actor, number, touches, look, function, left, right)
            if (touches := look())
            else function(left, right)
        )

    def _of_inplace(self, left: object, right: object) -> Touches:
        touches = reached(self._kinds, (right,))
        kind = self._kinds.of(left)
        if kind == "container":
            return (*touches, (content(left), True))
        if kind == "foreign" or (kind == "own" and self._kinds.is_mixed(type(left))):
            return (*touches, *changed(reached(self._kinds, (left,))))
        return (*touches, *reached(self._kinds, (left,)))

    def truth(self, number: int, value: object) -> object:
        """What is asked whether it is true: of a container that is whether there is something in it."""
        if type(value) in FLAT:
            return value
        actor = self._gates.acting()
        if actor is not None and (touches := reached(self._kinds, (value,), deep=False)):
            self._gates.access(actor, number, touches, partial(reached, self._kinds, (value,), deep=False))
        return value

    def operand(self, number: int, value: object) -> object:
        """One of several operands that are compared one after the other: what is in it may be looked at later."""
        if type(value) in FLAT:
            return value
        actor = self._gates.acting()
        if actor is not None and reached(self._kinds, (value,)):
            self._gates.access(actor, number, ((EVERYTHING, False),))
        return value

    def format(self, number: int, value: object, conversion: int, specification: str) -> str:
        """`{value!r:specification}` of a text."""

        def made() -> str:
            return format(CONVERSIONS[conversion](value) if conversion in CONVERSIONS else value, specification)

        return cast("str", self._done_with(number, made, value))

    def _done_with(self, number: int, function: Callable[[], object], value: object) -> object:
        actor = None if type(value) in FLAT else self._gates.acting()
        if actor is None:
            return function()
        look = partial(reached, self._kinds, (value,))
        return self._gates.run(actor, number, touches, look, function) if (touches := look()) else function()
