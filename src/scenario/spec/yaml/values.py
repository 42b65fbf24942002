"""The values of a document: plain data that knows where it stood.

`Text`, `Mapping` and `Sequence` are Python's own str, dict and list; `Scalar` wraps what can not be
subclassed (numbers, booleans, null). Every one of them has a `span`.
"""

from __future__ import annotations

from typing import Self, TypeAlias

from scenario.record import record
from scenario.source import START, Span


class Text(str):
    """A string of the file. `raw` is its source text, quotes and all; `style` is YAML's: "" plain, ' " | >.

    `comment`: YAML took what follows a plain text for a comment; when the text makes no sense, that is why.
    """

    __slots__ = ("comment", "raw", "span", "style")
    span: Span
    raw: str
    style: str
    comment: bool

    def __new__(
        cls, value: str, span: Span = START, raw: str | None = None, style: str = "", *, comment: bool = False
    ) -> Self:
        self = super().__new__(cls, value)
        self.span = span
        self.raw = value if raw is None else raw
        self.style = style
        self.comment = comment
        return self


@record
class Scalar:
    """A number, boolean or null of the file; `raw` is how it is written."""

    value: int | float | bool | None
    raw: str
    span: Span = START


@record
class Unknown(Scalar):
    """What stands where nothing is known: an alias (its `raw`), or a key that is missing (`raw` is empty)."""


class Sequence(list["Value"]):
    """A list of the file."""

    __slots__ = ("span",)
    span: Span

    def __init__(self, items: list[Value] | tuple[Value, ...] = (), span: Span = START) -> None:
        super().__init__(items)
        self.span = span


class Mapping(dict["Key", "Value"]):
    """A mapping of the file; `key_spans` says where each key stands.

    `dropped`: values whose keys were not taken (duplicates, merge keys); that has been reported.
    """

    __slots__ = ("dropped", "key_spans", "span")
    span: Span
    key_spans: dict[Key, Span]
    dropped: list[Value]

    def __init__(self, span: Span = START) -> None:
        super().__init__()
        self.span = span
        self.key_spans = {}
        self.dropped = []

    def standing(self, span: Span) -> Self:
        """It is read to its end, and stands here."""
        self.span = span
        return self


Key: TypeAlias = "str | int | float | bool | None"
Value: TypeAlias = "Text | Scalar | Sequence | Mapping"


def plain(value: Value) -> object:
    """The value as plain Python data, without places."""
    match value:
        case Scalar():
            return value.value
        case Text():
            return str(value)
        case Sequence():
            return [plain(item) for item in value]
        case Mapping():
            return {str(k) if isinstance(k, Text) else k: plain(v) for k, v in value.items()}
