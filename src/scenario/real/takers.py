"""Who has taken what, and since where: of a lock one, of what several may have, a semaphore, each place in turn."""

from __future__ import annotations

from typing import Generic, TypeVar

Owner = TypeVar("Owner")
Since = TypeVar("Since")


class Takers(Generic[Owner, Since]):
    """By a key of the object, those who have it, the longest holding first."""

    def __init__(self) -> None:
        self._of: dict[object, list[tuple[Owner, Since]]] = {}

    def of(self, key: object) -> list[tuple[Owner, Since]]:
        return list(self._of.get(key, ()))

    def take(self, key: object, *more: tuple[Owner, Since]) -> None:
        """It is taken, or had again by whom a release or a wait had made give it back."""
        self._of.setdefault(key, []).extend(more)

    def give_back(self, key: object, owner: Owner, n: object = 1) -> list[tuple[Owner, Since]]:
        """What so many releases give back: each the place that the owner took last, else the one that was taken first, for anyone may release. The longest holding first."""
        taken, given = self._of.get(key, []), list[tuple[Owner, Since]]()
        for _ in range(min(n, len(taken)) if isinstance(n, int) else min(1, len(taken))):
            own = [number for number, (who, _) in enumerate(taken) if who == owner]
            given.append(taken.pop(own[-1] if own else 0))
        return given[::-1]
