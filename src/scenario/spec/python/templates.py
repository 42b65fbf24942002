"""Templates: text with `{expr!r:format}` holes -> `syntax.Template`."""

from __future__ import annotations

import re

from scenario import syntax
from scenario.spec import codes
from scenario.spec.faults import Fault
from scenario.spec.python.origin import Origin
from scenario.spec.python.parser import Parser
from scenario.spec.python.translate import Translator
from scenario.spec.recovery import UNKNOWN_EXPR, forgiven, note
from scenario.spec.yaml.values import Text

MAX_WIDTH = 1000
"""Of a format: `{x:>1000}`."""

_FORMAT = r"(?s)(?:.?[<>=^])?[-+ ]?z?#?0?(\d{0,9})[,_]?(?:\.(\d{1,9}))?[bcdeEfFgGnosxX%]?"
_PLAIN = r"[^{}]+"
_OPENING, _CLOSING = "([{", ")]}"
_QUOTED = r"(?s)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""


def template(text: Text) -> syntax.Template:
    """The parts of a template. Raises an error that carries the diagnostic."""
    origin = Origin(text)
    parts: list[str | syntax.Hole] = []
    at = 0
    while at < len(text):
        if text.startswith(("{{", "}}"), at):
            part: str | syntax.Hole = text[at]
            at += 2
        elif text[at] == "{":
            part, at = _hole(text, at, origin)
        elif plain := re.compile(_PLAIN).match(text, at):
            part, at = plain[0], plain.end()
        else:
            note(_error(text, origin, at, at + 1, "a single `}`", "write `}}` for a brace"))
            part, at = "}", at + 1
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return syntax.Template(tuple(parts), span=text.span)


def _hole(text: Text, start: int, origin: Origin) -> tuple[syntax.Hole, int]:
    """The hole that opens at `start`, and where the text goes on."""
    at = _expression_end(text, start, origin)
    value = text[start + 1 : at]
    if not value.strip():
        note(_error(text, origin, start, at + 1, "an empty hole", "write `{{}}` for braces"))
        value = "None"
    conversion = ""
    if text[at] == "!":
        conversion, at = text[at + 1 : at + 2], at + 2
        if conversion not in ("r", "s", "a") or text[at : at + 1] not in (":", "}"):
            raise _error(text, origin, at - 2, at, "a conversion is `!r`, `!s` or `!a`")
    form = ""
    if text[at] == ":":
        end = _format_end(text, at)
        form, at = _checked(text, at + 1, end, origin), end
    if text[at : at + 1] != "}":
        raise _unclosed(text, origin, start)
    expr = forgiven(lambda parser: Translator(parser).expr(parser.expression()),
                    Parser(text, value, start + 1, origin), UNKNOWN_EXPR)  # fmt: skip
    return syntax.Hole(expr, conversion, form, span=origin.span(start, at + 1)), at + 1


def _expression_end(text: Text, start: int, origin: Origin) -> int:
    """Where the hole's expression ends: at the `!`, `:` or `}` that stands outside of brackets and quotes."""
    depth, at = 0, start + 1
    while at < len(text):
        character = text[at]
        if character in "'\"":
            quoted = re.compile(_QUOTED).match(text, at)
            at = quoted.end() if quoted else len(text)
            continue
        if depth == 0 and (character in ":}" or (character == "!" and text[at + 1 : at + 2] != "=")):
            return at
        depth += (character in _OPENING) - (character in _CLOSING)
        at += 1
    raise _unclosed(text, origin, start)


def _format_end(text: Text, at: int) -> int:
    """Where the format that begins at `at` ends; the hole that it may not hold ends before."""
    end = text.find("}", at)
    if "{" in text[at : max(end, at)]:
        end = text.find("}", end + 1)
    return len(text) if end < 0 else end


def _checked(text: Text, start: int, end: int, origin: Origin) -> str:
    """A constant format without nested holes, its width and precision bounded."""
    form = text[start:end]
    found = re.fullmatch(_FORMAT, form)
    if found is None:
        hint = "formats are Python's: `>5`, `.2f`, `05d`"
        note(_error(text, origin, start, end, f"`{form[:60]}` is no format", hint))
    elif any(int(number or 0) > MAX_WIDTH for number in found.groups()):
        note(_error(text, origin, start, end, f"a format's width and precision are at most {MAX_WIDTH}"))
    return form


def _unclosed(text: Text, origin: Origin, start: int) -> Fault:
    return _error(text, origin, start, start + 1, "a `{` that is not closed", "write `{{` for a brace")


def _error(text: Text, origin: Origin, start: int, end: int, message: str, hint: str | None = None) -> Fault:
    if text.comment and hint is None:
        hint = "YAML takes ` #` and what follows for a comment: quote the whole text"
    return Parser(text, origin=origin).error(codes.BAD_TEMPLATE, message, start, end, hint)
