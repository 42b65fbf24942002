"""YAML's syntax errors in plain words."""

from __future__ import annotations

from typing import Any

from scenario.diagnostics import Diagnostic
from scenario.source import START, Span
from scenario.spec import codes
from scenario.spec.yaml.lines import Lines

_QUOTE = "quote the whole value: `: `, ` #`, and a first [ ] { } , & * ! | > ' \" % @ ` mean something to YAML"
_EXPLANATIONS = (
    ("mapping values are not allowed", "a colon with a space after it, where no key can stand", _QUOTE),
    ("cannot start any token", "a value can not start with this character", _QUOTE),
    ("that cannot start", "a value can not start with this character", _QUOTE),
    ("block end", "this does not belong to the list or mapping around it", f"check the indentation, or {_QUOTE}"),
    ("expected key", "this does not belong to the list or mapping around it", f"check the indentation, or {_QUOTE}"),
    ("expected '-'", "this does not belong to the list or mapping around it", f"check the indentation, or {_QUOTE}"),
    ("expected <document", "something that belongs to no list or mapping", f"check the indentation, or {_QUOTE}"),
    ("node content", "a value is missing, or a [ or { is not closed", _QUOTE),
    ("',' or ']'", "a `[` that is not closed with `]` (entries are separated by commas)", _QUOTE),
    ("',' or '}'", "a `{` that is not closed with `}` (entries are separated by commas)", _QUOTE),
    ("tab", "a tab where only spaces can indent", "indent with spaces"),
    ("unexpected end of stream", "a quoted text that is not closed", None),
    ("unexpected document separator", "a document marker inside a quoted text", None),
    ("could not find expected ':'", "a key without its colon", None),
    ("simple key", "a key without its colon", None),
    ("undefined alias", "aliases are not part of the language", _QUOTE),
    ("alias", "a text can not start with `*`: YAML takes it for an alias", _QUOTE),
    ("anchor", "a text can not start with `&`: YAML takes it for an anchor", _QUOTE),
    ("tag", "a text can not start with `!`: YAML takes it for a tag", _QUOTE),
    ("directive", "a line can not start with `%`: YAML takes it for a directive", _QUOTE),
    ("escape", "an unknown escape in a double-quoted text", "write \\\\ for a backslash, or use single quotes"),
    ("hexdecimal", "an incomplete escape in a double-quoted text", "write \\\\ for a backslash, or use single quotes"),
    ("hexadecimal", "an incomplete escape in a double-quoted text", "write \\\\ for a backslash, or use single quotes"),
    ("block sequence entries are not allowed", "a list can not begin here", "put it on a line of its own, indented"),
    ("document start", "something after the end of the document", "one file holds one scenario"),
    (
        "control characters are not allowed",
        "a control character",
        "remove it, or write it as an escape in double quotes",
    ),
    (
        "special characters are not allowed",
        "a control character",
        "remove it, or write it as an escape in double quotes",
    ),
    ("indentation indicator", "a block text with a wrong header", None),
    ("chomping", "a block text with a wrong header", None),
)


def explained(error: object, text: str, lines: Lines) -> Diagnostic:
    """The diagnostic for an error of PyYAML's, with or without libyaml."""
    said = " ".join(str(part) for part in (error_part(error, "problem"), error_part(error, "reason")) if part)
    context = str(error_part(error, "context") or "")
    span = _span(error, text, lines)
    message, hint = _words(said, context)
    if "cannot start" in said and lines.at(span) == "\t":
        message, hint = "a tab where only spaces can indent", "indent with spaces"
    if "nesting depth" in said:
        return Diagnostic(codes.TOO_DEEP, "nested too deeply", span)
    code = codes.NOT_TEXT if "characters are not allowed" in said else codes.NOT_YAML
    message = f"this is not YAML: {message}" if code == codes.NOT_YAML else message
    return Diagnostic(code, message, span, hint)


def error_part(error: object, name: str) -> Any:
    """An attribute that only some of PyYAML's errors have."""
    return getattr(error, name, None)


def _words(said: str, context: str) -> tuple[str, str | None]:
    for where in (said.lower(), context.lower()):
        for fragment, message, hint in _EXPLANATIONS:
            if fragment in where:
                return message, hint
    return said or "it can not be parsed", _QUOTE


def _span(error: object, text: str, lines: Lines) -> Span:
    problem, context = error_part(error, "problem_mark"), error_part(error, "context_mark")
    never_closed = problem is not None and problem.index >= len(text.rstrip())
    mark = context if context is not None and never_closed else problem or context
    if mark is not None:
        return lines.between(min(mark.index, len(text)), min(mark.index + 1, len(text)))
    position = error_part(error, "position")
    return lines.between(position, position + 1) if isinstance(position, int) and position <= len(text) else START
