"""What of the shared state a step touches: a variable, or one element of a shared container."""

from __future__ import annotations

from typing import TypeAlias

from scenario.record import record
from scenario.syntax import Expr

Values: TypeAlias = frozenset[str]
"""The texts (`repr`) of all values that an expression may have."""


@record
class Known:
    """What is known of a value: all that it may be (None: anything), and whether it is the thread's or call's own.

    `own`: it comes from `index`, `name`, a queue or a call's arguments, so that two threads have different ones.
    """

    values: Values | None = None
    own: bool = False


ANYTHING = Known()


@record
class Place:
    """A shared variable, or (with `key`) an element of it; `known` is what is known of the key."""

    name: str
    key: Expr | None = None
    known: Known = ANYTHING

    def overlaps(self, other: Place) -> bool:
        """Whether two threads that use these touch the same, as far as can be said: rather no than yes."""
        if self.name != other.name:
            return False
        if self.key is None or other.key is None:
            return True
        if self.known.values is not None and other.known.values is not None:
            return bool(self.known.values & other.known.values)
        return self.key == other.key and not self.known.own and not other.known.own

    def alike(self, other: Place) -> bool:
        """The same for two accesses of one thread, to which its own index is always the same."""
        if self.name != other.name or self.key is None or other.key is None or self.key == other.key:
            return self.name == other.name
        return bool((self.known.values or frozenset()) & (other.known.values or frozenset()))
