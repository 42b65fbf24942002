"""The gates of what goes through iterables, and of what code that C calls, or goes on with, gives it: an element at a time, or all in one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from types import GeneratorType

from scenario.engines.code.operation import Touches, content
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.kinds import FLAT, Kinds
from scenario.engines.code.runtime.reach import SIMPLE, reached

WHOLE = frozenset({list, tuple, dict, set, frozenset}) | FLAT
"""What C goes through without calling anybody."""


class Iterations:
    """Those of one set of gates."""

    def __init__(self, gates: Gates, kinds: Kinds) -> None:
        self._gates, self._kinds = gates, kinds

    def named(self) -> dict[str, object]:
        """By the names that rewritten code has for them."""
        return {
            "each": self.each, "spread": self.spread, "mapping": self.mapping, "delegate": self.delegate, "out": self.out,
        }  # fmt: skip

    # --- one element after the other ------------------------------------------------------------------

    def each(self, number: int, value: Iterable[object], unpacks: bool) -> Iterable[object]:
        """What a loop runs over: one step for each element, and for reading the element itself where it is unpacked."""
        if self._gates.acting() is None or type(value) in FLAT or (type(value) is tuple and not unpacks):
            return value
        return self._one_by_one(number, value, unpacks=unpacks)

    def _one_by_one(self, number: int, value: Iterable[object], *, unpacks: bool) -> Iterator[object]:
        gates, kinds = self._gates, self._kinds
        if not isinstance(value, Iterator | list | tuple) and (actor := gates.acting()) is not None:
            look = partial(reached, kinds, (value,), deep=kinds.of(value) not in ("container", "view"))
            gates.access(actor, number, look(), look)  # most iterators look at the size when they are made
        iterator = iter(value)
        behind = self._behind(value, iterator)
        while True:
            if (actor := gates.acting()) is None:
                yield from iterator
                return
            try:
                element = gates.run(actor, number, behind, None, next, iterator)
            except StopIteration:
                self._keep(iterator)
                return
            gates.noted(number, element)
            if unpacks:
                gates.access(actor, number, reached(kinds, (element,)), partial(reached, kinds, (element,)))
            yield element
            if type(iterator) not in SIMPLE:
                behind = self._behind(value, iterator)

    def _behind(self, value: object, iterator: object) -> Touches:
        """What the next element is taken from; the iterator of a container is nobody else's."""
        touches = reached(self._kinds, (iterator,), deep=False)
        if iterator is value or self._kinds.of(value) not in ("container", "view"):
            return touches
        return tuple([touch for touch in touches if touch[0] != content(iterator)])

    def _keep(self, iterator: object) -> None:
        if type(iterator) in SIMPLE and self._gates.world is not None:
            self._gates.world.accesses.keep(iterator)

    def delegate(self, number: int, value: Iterable[object]) -> Iterable[object]:
        """What `yield from` goes on with."""
        return value if isinstance(value, GeneratorType) else self.each(number, value, unpacks=False)

    # --- all in one step ------------------------------------------------------------------------------

    def spread(self, number: int, value: Iterable[object], most: int | None, nested: bool) -> Iterable[object]:
        """What is unpacked; `most`: how many elements are wanted, one more of which is asked for; `nested`: they are unpacked as well."""
        actor = self._gates.acting()
        if actor is None or type(value) in FLAT or not hasattr(type(value), "__iter__"):
            return value
        look = partial(reached, self._kinds, (value,), deep=nested)
        touches = look()
        if type(value) in WHOLE:
            self._gates.access(actor, number, touches, look if nested else None)
            return value
        return self._gates.run(actor, number, touches, look, lambda: list(islice(value, most)))

    def mapping(self, number: int, value: Mapping[str, object]) -> Mapping[str, object]:
        """What is unpacked by `**`."""
        actor = self._gates.acting()
        if actor is None or not hasattr(type(value), "keys"):
            return value
        look = partial(reached, self._kinds, (value,), deep=False)
        return self._gates.run(actor, number, touches, look, dict, value) if (touches := look()) else value

    # --- what is given to code without gates ----------------------------------------------------------

    def out(self, number: int, value: object) -> object:
        """What a function returns or yields: if C has called it, C goes on now, and looks at the value."""
        world = self._gates.world
        if world is None or world.current is None or not world.current.inside:
            return value
        actor = self._gates.acting()
        if actor is not None:
            look = partial(reached, self._kinds, (value,))
            self._gates.access(actor, number, look(), look)
        return value
