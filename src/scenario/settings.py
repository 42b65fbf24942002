"""How a file is explored, beside its params: what its key `explore` says, and options of the same names before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from scenario.record import field_names, record

Asked: TypeAlias = Mapping[str, "str | bool"]
"""Settings by name: those that somebody chose."""

CHOICES: Mapping[str, tuple[str | bool, ...]] = {
    "clock": ("free", "virtual"),
    "wake": ("any", "fifo"),
    "spurious": (False, True),
}
"""What each may be, the default first."""


@record
class Settings:
    """How interleavings are made.

    `clock` virtual: time moves only when nothing else can; `wake` fifo: a notification picks the longest waiting;
    `spurious`: a condition's `wait` may return by itself.
    """

    clock: Literal["free", "virtual"] = "free"
    wake: Literal["any", "fifo"] = "any"
    spurious: bool = False

    def with_those(self, asked: Asked) -> Settings:
        """These with what was asked for before them. Raises ValueError for what a setting can not be."""
        for name, value in asked.items():
            if not any(value is word or (value == word and isinstance(value, str)) for word in CHOICES.get(name, ())):
                raise ValueError(f"{name} is not {value!r}")
        chosen: Any = asked
        return replace(self, **chosen)

    def by_name(self) -> dict[str, str | bool]:
        """All of them."""
        return {name: getattr(self, name) for name in field_names(Settings)}

    def changed(self, from_: Settings | None = None) -> dict[str, str | bool]:
        """Those that are not as by default, or as in others."""
        other = (from_ or Settings()).by_name()
        return {name: value for name, value in self.by_name().items() if value != other[name]}


def named(values: Mapping[str, Any]) -> dict[str, str | bool]:
    """The settings among values by name; None is none."""
    return {name: values[name] for name in CHOICES if values.get(name) is not None}
