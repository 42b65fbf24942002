"""Python's own parser at arm's length: text -> `ast`, or one diagnostic. Nothing else may come out of it."""

from __future__ import annotations

import ast
import re
import warnings

from scenario.diagnostics import Diagnostic
from scenario.spec import codes
from scenario.spec.durations import in_seconds
from scenario.spec.faults import Fault, fault, unhyphened
from scenario.spec.python.origin import Origin
from scenario.spec.yaml.values import Text

MAX_LENGTH = 10_000
"""Characters of one expression or statement."""

_WARNS = re.compile(r"\\|[0-9]\.?[a-zA-Z]")  # what Python's tokenizer may warn of: "\d", 5if, 1.if
_HYPHENED = re.compile(r"(?P<name>[^\W\d]\w*(-\w+)+)(?P<part>[\[.].*)?")
_TARGETS = re.compile(rf"([^\W\d]\w*, *)*{_HYPHENED.pattern}(, *[^=]*)?=[^=]")
_HINTS = (
    (r"&&", "write `and`"),
    (r"\|\|", "write `or`"),
    (r"!(?!=)", "write `not`"),
    (r"\+\+", "write `x += 1`"),
    (r"--$", "write `x -= 1`"),
    (r"\b(true|false|null)\b", "write `True`, `False`, `None`"),
)


class Parser:
    """Parses stretches of one text; offsets of what comes out are into the whole text."""

    __slots__ = ("origin", "shift", "source", "text", "widths")

    def __init__(self, text: Text, source: str | None = None, shift: int = 0, origin: Origin | None = None) -> None:
        whole = str(text) if source is None else source
        stripped = whole.lstrip()
        self.text = text
        self.origin = origin or Origin(text)
        self.shift = shift + len(whole) - len(stripped)
        # Line breaks are blanks to an expression; same length, so offsets stay.
        self.source = stripped.rstrip().replace("\n", " ").replace("\r", " ")
        self.widths = None if self.source.isascii() else self.source.encode("utf-8", "replace")

    def offset(self, column: int) -> int:
        """The offset in the text of a column that `ast` gives (in bytes of UTF-8)."""
        if self.widths is None:
            return self.shift + column
        return self.shift + len(self.widths[:column].decode("utf-8", "replace"))

    def expression(self) -> ast.expr:
        """The one expression of this stretch."""
        if not self.source:
            raise self.error(codes.SYNTAX, "expected an expression, found nothing", hint="an empty text is \"''\"")
        tree = self._parse("eval")
        assert isinstance(tree, ast.Expression)
        self._no_comment(tree.body)
        return tree.body

    def statement(self) -> ast.stmt:
        """The one statement of this stretch."""
        if not self.source:
            raise self.error(codes.SYNTAX, "expected a statement, found nothing")
        tree = self._parse("exec")
        assert isinstance(tree, ast.Module)
        if len(tree.body) > 1:
            second = self.offset(tree.body[1].col_offset)
            message, hint = "a step is one statement", "write the second one as a step of its own"
            raise self.error(codes.NOT_A_STATEMENT, message, second, hint=hint)
        if not tree.body:
            raise self.error(codes.SYNTAX, "expected a statement, found a comment", hint="quote a text that holds #")
        self._no_comment(tree.body[0])
        return tree.body[0]

    def _parse(self, mode: str) -> ast.AST:
        if len(self.source) > MAX_LENGTH:
            raise self.error(codes.TOO_COMPLEX, f"longer than {MAX_LENGTH} characters")
        try:
            if not _WARNS.search(self.source):
                return ast.parse(self.source, mode=mode)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.source, mode=mode)
        except SyntaxError as error:
            raise self._syntax(error) from None
        except (RecursionError, MemoryError):
            raise self.error(codes.TOO_COMPLEX, "nested too deeply") from None
        except ValueError:  # NUL, lone surrogates
            raise self.error(codes.SYNTAX, "characters that can not stand in an expression") from None

    def _no_comment(self, tree: ast.expr | ast.stmt) -> None:
        """Only closing brackets may follow the tree: Python would pass over a comment in silence."""
        rest = self.offset(tree.end_col_offset or 0) - self.shift
        if "#" in self.source[rest:]:
            hint = "comments stand outside of the quotes"
            at = self.shift + self.source.index("#", rest)
            raise self.error(codes.SYNTAX, "a comment inside an expression", at, hint=hint)

    def _syntax(self, error: SyntaxError) -> Fault:
        message = (error.msg or "invalid syntax").split(" (<")[0]
        if "too many nested" in message or "too complex" in message:
            return self.error(codes.TOO_COMPLEX, "nested too deeply")
        if "integer string conversion" in message:
            return self.error(codes.LONG_LITERAL, "a number with too many digits")
        message = message.replace(" or ':=' instead of '='", " instead of '='").replace(
            " Perhaps you forgot a comma?", ""
        )
        message = message.split(" (detected at")[0]
        # In "eval" mode Python gives 0 for the end.
        start = min(error.offset - 1 if error.offset else len(self.source), len(self.source))
        if start == len(self.source) and message == "invalid syntax":
            message = "something is missing at the end"
        end = (error.end_offset or 0) - 1
        end = end if start < end <= len(self.source) else min(start + 1, len(self.source))
        return self.error(
            codes.SYNTAX, message, self.shift + start, self.shift + end, self._hint(self.source[start:end])
        )

    def _hint(self, at: str) -> str | None:
        if self.text.comment:
            return "YAML takes ` #` and what follows for a comment: quote the whole text"
        if at == "=":
            return "to compare, write `==`"
        if hyphened := _HYPHENED.fullmatch(at) or _TARGETS.match(self.source):  # a difference would be no fault
            return unhyphened(hyphened["name"])
        if time := in_seconds(self.source):
            return time
        return next((hint for pattern, hint in _HINTS if re.search(pattern, self.source)), None)

    def error(
        self, code: str, message: str, start: int | None = None, end: int | None = None, hint: str | None = None
    ) -> Fault:
        """A diagnostic for [start, end) of the text; the whole stretch by default."""
        first = self.shift if start is None else start
        last = self.shift + len(self.source) if end is None else end
        return fault(Diagnostic(code, message, self.origin.span(max(first, 0), max(first, last, 0)), hint))
