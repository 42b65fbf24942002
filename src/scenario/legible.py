"""Texts of a file, or of what it ran, as a terminal may have them: nothing in them moves, hides or begins a line.

A name with a line break could write a verdict of its own below, one with ESC could paint over what stands above, and
marks of direction show a word other than it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

from scenario.record import field_names, rebuilt
from scenario.source import Source, Span

T = TypeVar("T")

UNSEEN = "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
"""Controls, marks of direction, separators, and what takes no place; what joins letters and emoji is left."""

_OF_SEVERAL_LINES = frozenset({"traceback"})
"""Fields of records whose line breaks are ours."""

_FACTS = frozenset({"fact", "deeds", "value", "values", "shared", "locals", "final", "params", "film"})
"""Fields of records that hold values of a scenario, or facts with such: who shows them writes them as Python or JSON does."""

_WITHOUT = frozenset({int, float, bool, type(None), Span})


def legible(text: str, keep: str = "") -> str:
    r"""The text with everything unseen as Python writes it (`\n`, `\x1b`, `\u202e`), but for what to `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(UNSEEN, lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def legibly(value: T) -> T:
    """The same record, or container of such, with legible texts; a source keeps its text, whose lines are shown with care."""
    return cast("T", _changed(value, legible, {}))


def _changed(value: Any, change: Callable[[str], str], known: dict[int, Any]) -> object:
    """`known`: what has become of lists and dicts, which may hold themselves."""
    kind = type(value)
    if kind is str:
        return change(value)
    if kind in (tuple, set, frozenset):
        return kind(_changed(item, change, known) for item in value)
    if id(value) in known:
        return known[id(value)]
    if kind is list:
        made = known[id(value)] = []
        made += [_changed(item, change, known) for item in value]
        return made
    if kind is dict:
        named = known[id(value)] = {}
        named |= {_changed(key, change, known): _changed(item, change, known) for key, item in value.items()}
        return named
    if not hasattr(kind, "_plan") or kind is Source:
        return value
    names = field_names(kind)
    fields = [(name, getattr(value, name)) for name in names]
    return rebuilt(kind, [_field(name, of, change, known) if _has_text(of) else of for name, of in fields])


def _has_text(value: object) -> bool:
    """Whether there may be some in it; most of what a long schedule is made of has none."""
    return type(value) not in _WITHOUT and value not in ((), "")


def _field(name: str, value: object, change: Callable[[str], str], known: dict[int, object]) -> object:
    if name in _OF_SEVERAL_LINES and isinstance(value, str):
        return legible(value, keep="\n")
    if name in _FACTS:
        return value
    return _changed(value, change, known)
