"""Which lock it is that a thread takes, holds or gives back."""

from __future__ import annotations

from typing import Literal

from scenario.record import record


@record
class LockKey:
    """A lock by its name; of an array with its element, `?` where that is not known."""

    name: str
    element: int | Literal["?"] | None = None

    def __str__(self) -> str:
        return self.name if self.element is None else f"{self.name}[{self.element}]"

    def may_be(self, other: LockKey) -> bool:
        """Whether it is the same, as far as is known."""
        return self == other or (self.name == other.name and "?" in (self.element, other.element))
