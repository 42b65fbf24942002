"""Records as JSON and back: a closed set of classes, so that reading makes values of ours and does nothing else.

A text holds a list of rows, each made of the rows before it by their numbers; the last one is the whole. What was one
object is one again. What is not of the set can not be packed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

from scenario import diagnostics, settings, source
from scenario.files import loaded
from scenario.language import primitives
from scenario.program import claims, operations, ops, program
from scenario.record import field_names, rebuilt
from scenario.source import Span
from scenario.syntax import expressions, statements

_MODULES: tuple[ModuleType, ...] = (
    source,
    settings,
    diagnostics,
    expressions,
    statements,
    primitives,
    operations,
    ops,
    program,
    claims,
    loaded,
)


def _classes() -> dict[str, type]:
    """The records by their full names."""
    return {
        f"{module.__name__}.{name}": value
        for module in _MODULES
        for name, value in vars(module).items()
        if isinstance(value, type) and hasattr(value, "_plan") and value.__module__ == module.__name__
    }


CLASSES = _classes()
_NAMES = {cls: name for name, cls in CLASSES.items()}
_PLAIN = (type(None), bool, int, str)
_CONTAINERS: dict[str, Callable[[list[object]], object]] = {
    "list": list, "tuple": tuple, "set": set, "frozenset": frozenset,
}  # fmt: skip


def packed(value: object) -> str:
    """The text. Raises TypeError for what is not of the set, RecursionError and ValueError for what is too deep or large."""
    packer = _Packer()
    packer.number(value)
    return json.dumps(packer.rows, separators=(",", ":"))


def unpacked(text: str) -> Any:
    """The value of a text; any exception where it is none."""
    made: list[object] = []
    for row in json.loads(text):
        made.append(_made(row, made) if type(row) is list else row)
    return made[-1]


class _Packer:
    def __init__(self) -> None:
        self.rows: list[object] = []
        self._plain: dict[tuple[type, object], int] = {}
        self._known: dict[int, tuple[int, object]] = {}  # by identity; the object too, so that it stays what it is

    def number(self, value: object) -> int:
        """The number of the value's row."""
        if type(value) in _PLAIN:
            number = self._plain.get((type(value), value))
            return self._add_plain(value) if number is None else number
        known = self._known.get(id(value))
        if known is None:
            row = self._row(value)  # its parts first
            known = self._known[id(value)] = len(self.rows), value
            self.rows.append(row)
        return known[0]

    def _add_plain(self, value: object) -> int:
        number = self._plain[type(value), value] = len(self.rows)
        self.rows.append(value)
        return number

    def _row(self, value: Any) -> list[object]:
        kind = type(value)
        if kind is Span:
            return ["Span", value.line, value.column, value.end_line, value.end_column]
        if kind in _NAMES:
            return [_NAMES[kind], *[self.number(getattr(value, name)) for name in field_names(kind)]]
        if kind is dict:
            return ["dict", *[self.number(part) for item in value.items() for part in item]]
        if kind.__name__ in _CONTAINERS and kind is _CONTAINERS[kind.__name__]:
            return [kind.__name__, *map(self.number, value)]
        if kind is float:
            return ["float", value.hex()]
        if kind is bytes:
            return ["bytes", value.hex()]
        if kind is range:
            return ["range", value.start, value.stop, value.step]
        raise TypeError(f"{kind.__name__} is not of the set")


def _made(row: list[Any], made: list[object]) -> object:
    tag, *parts = row
    if tag == "Span":
        return Span(*parts)
    if (cls := CLASSES.get(tag)) is not None:
        return rebuilt(cls, [made[part] for part in parts])
    if (container := _CONTAINERS.get(tag)) is not None:
        return container([made[part] for part in parts])
    match tag:
        case "dict":
            return {made[key]: made[value] for key, value in zip(parts[::2], parts[1::2], strict=True)}
        case "float":
            return float.fromhex(*parts)
        case "bytes":
            return bytes.fromhex(*parts)
        case "range":
            return range(*parts)
    raise ValueError(f"no row begins with {tag!r}")
