"""YAML events -> plain values that know where they stood, within limits, in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.source import START, Source, Span
from scenario.spec import codes
from scenario.spec.yaml.core_schema import resolve
from scenario.spec.yaml.lines import Lines
from scenario.spec.yaml.syntax_errors import explained
from scenario.spec.yaml.values import Key, Mapping, Scalar, Sequence, Text, Unknown, Value

MAX_DEPTH = 50
"""Levels of lists and mappings."""

MAX_NODES = 50_000
"""Values of a document, keys included."""

_LOADER: object = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(source: Source) -> tuple[Value, list[Diagnostic]]:
    """The document's value, and what is wrong with it as YAML although it can be read.

    Raises InvalidScenario if it can not be read any further.
    """
    return _Reader(source).document()


class _Reader:
    """One pass over the events of one file."""

    __slots__ = ("_events", "_found", "_lines", "_meant", "_nodes", "_text")

    def __init__(self, source: Source, loader: object = None) -> None:
        self._text = source.text
        self._lines = Lines(source.text)
        self._found: list[Diagnostic] = []
        self._nodes = 0
        self._meant = _meant(source.text)
        self._events = self._parsed(loader or _LOADER)

    def _parsed(self, loader: Any) -> Iterator[object]:
        parser = None
        try:
            parser = loader(self._text.translate({ord(meant): stand_in for stand_in, meant in self._meant.items()}))
            while parser.check_event():
                yield parser.get_event()
        except yaml.YAMLError as error:
            self._stop(explained(error, self._text, self._lines))
        except RecursionError:
            self._stop(Diagnostic(codes.TOO_DEEP, "nested too deeply"))
        finally:
            if parser is not None:
                parser.dispose()

    def _stop(self, last: Diagnostic) -> None:
        raise InvalidScenario((*self._found, last)) from None

    def document(self) -> tuple[Value, list[Diagnostic]]:
        """The one document."""
        value: Value | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if value is not None:
                    self._stop(self._several(event))
                value = self._value(next(self._events), 1)
        if value is None or (isinstance(value, Scalar) and not value.raw):
            self._stop(Diagnostic(codes.EMPTY, "the file is empty", START, "a scenario starts with `scenario: NAME`"))
        assert value is not None
        return value, self._found

    def _several(self, event: Any) -> Diagnostic:
        span = self._lines.span(event.start_mark, event.end_mark)
        return Diagnostic(codes.SEVERAL_DOCUMENTS, "a second document begins here", span, "one file holds one scenario")

    def _value(self, event: object, depth: int) -> Value:
        self._count(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            self._report(codes.ALIAS, "aliases are not part of the language", event, _quote(self._raw(event)))
            return Unknown(None, self._raw(event), self._lines.span(event.start_mark, event.end_mark))
        if depth > MAX_DEPTH:
            self._stop(self._diagnostic(codes.TOO_DEEP, f"nested more than {MAX_DEPTH} deep", event))
        self._no_properties(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _count(self, event: object) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(self._diagnostic(codes.TOO_MANY_NODES, f"more than {MAX_NODES} values in one file", event))

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Value] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Sequence(items, self._lines.trimmed(start.start_mark, event.end_mark))
            items.append(self._value(event, depth + 1))
        raise AssertionError("a list without an end")

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries = Mapping()
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return entries.standing(self._lines.trimmed(start.start_mark, event.end_mark))
            key = self._key(event, entries, depth)
            value = self._value(next(self._events), depth + 1)
            if key is None:
                entries.dropped.append(value)
            else:
                entries[key[0]] = value
                entries.key_spans[key[0]] = key[1]
        raise AssertionError("a mapping without an end")

    def _key(self, event: object, entries: Mapping, depth: int) -> tuple[Key, Span] | None:
        """The key and its place; None if it can not be one (which is reported)."""
        node = self._value(event, depth + 1)
        if isinstance(node, Sequence | Mapping):
            hint = "quote it, if a text that starts with [ or { was meant"
            self._found.append(Diagnostic(codes.KEY_NOT_TEXT, "a list or mapping can not be a key", node.span, hint))
            return None
        if isinstance(event, yaml.AliasEvent):
            return None
        if node == "<<" and isinstance(node, Text) and not node.style:
            self._report(codes.MERGE_KEY, "merge keys are not part of the language", event, "write the keys out")
            return None
        key = node if isinstance(node, Text) else node.value
        if key in entries:
            self._duplicate(key, node, entries)
            return None
        return key, node.span

    def _duplicate(self, key: Key, node: Value, entries: Mapping) -> None:
        first = entries.key_spans[key]
        message = f"the key `{str(key)[:60]}` stands here a second time"
        hint = f"the first one is on line {first.line}"
        self._found.append(Diagnostic(codes.DUPLICATE_KEY, message, node.span, hint))

    def _scalar(self, event: Any) -> Text | Scalar:
        self._no_properties(event)
        start, end = event.start_mark, event.end_mark
        style = event.style or ""
        plain = event.implicit[0] and not style
        span = self._lines.trimmed(start, end) if style in ("|", ">") else self._lines.span(start, end)
        text = event.value.translate(self._meant)
        raw = self._text[start.index : end.index] if style or "\n" in self._text[start.index : end.index] else text
        if not plain:
            return Text(text, span, raw, style)
        value = resolve(text)
        if value is ...:
            self._found.append(Diagnostic(codes.LONG_NUMBER, "a number with too many digits", span))
            return Scalar(0, raw, span)
        if not isinstance(value, str):
            return Scalar(value, raw, span)
        comment = self._text[end.index : end.index + 1] == " " and self._comment_follows(end.index)
        return Text(value, span, raw, style, comment=comment)

    def _comment_follows(self, at: int) -> bool:
        return self._text[at : at + 80].lstrip(" \t").startswith("#")

    def _no_properties(self, event: Any) -> None:
        """Report an anchor and a tag; a tag of `!` alone too."""
        if event.anchor is not None:
            self._report(codes.ALIAS, "anchors are not part of the language", event, _quote(f"&{event.anchor}"))
        if event.tag is not None:
            self._report(codes.TAG, "tags are not part of the language", event, _quote("a text that starts with !"))

    def _raw(self, event: Any) -> str:
        return self._text[event.start_mark.index : event.end_mark.index]

    def _report(self, code: str, message: str, event: object, hint: str) -> None:
        self._found.append(self._diagnostic(code, message, event, hint))

    def _diagnostic(self, code: str, message: str, event: Any, hint: str | None = None) -> Diagnostic:
        return Diagnostic(code, message, self._lines.span(event.start_mark, event.end_mark), hint)


def _meant(text: str) -> dict[int, str]:
    """Stand-ins for what YAML 1.1, and PyYAML, take for the end of a line, and 1.2 for a character like any other.

    They are of private use, and stand nowhere in the text, as they are or escaped.
    """
    odd = [character for character in "\x85\u2028\u2029" if character in text]
    free = (number for number in range(0xE000, 0xF900) if chr(number) not in text and f"{number:x}" not in text.lower())
    return dict(zip(free, odd, strict=False))


def _quote(what: str) -> str:
    return f"write the value out; quote the whole text if {what[:40]} is part of an expression"
