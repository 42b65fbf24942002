"""Values by small numbers."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Interner(Generic[T]):
    """Each distinct value has one number, counted from 0."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}
        self._values: list[T] = []

    def add(self, value: T) -> int:
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self._values)
            self._values.append(value)
        return number

    def __getitem__(self, number: int) -> T:
        return self._values[number]

    def __len__(self) -> int:
        return len(self._values)
