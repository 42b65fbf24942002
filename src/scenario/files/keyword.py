"""`-k`: pytest's little language over words: `lock and not (slow or bug)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

PIECE = r"\s*(?:([()])|([^\s()]+)|$)"
DEEPEST = 100
Matches: TypeAlias = Callable[[Sequence[str]], bool]
"""Whether any of the names contains the words that the expression asks for; case does not matter."""


class BadKeyword(ValueError):
    """The text is no such expression."""


def keyword(text: str) -> Matches:
    """Compiles the expression; raises BadKeyword."""
    parser = _Parser(text)
    matches = parser.either()
    if parser.peek():
        raise BadKeyword(f"unexpected {parser.peek()!r}")
    return matches


class _Parser:
    """Recursive descent: `or` binds weaker than `and`, `and` weaker than `not`."""

    def __init__(self, text: str) -> None:
        self._tokens = [match[1] or match[2] for match in re.finditer(PIECE, text) if match[1] or match[2]]
        self._at = 0
        self._depth = 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def either(self) -> Matches:
        alternatives = [self._both()]
        while self._take("or"):
            alternatives.append(self._both())
        return lambda names: any(matches(names) for matches in alternatives)

    def _both(self) -> Matches:
        parts = [self._negated()]
        while self._take("and"):
            parts.append(self._negated())
        return lambda names: all(matches(names) for matches in parts)

    def _negated(self) -> Matches:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadKeyword("too deep")
        try:
            if self._take("not"):
                inner = self._negated()
                return lambda names: not inner(names)
            return self._word()
        finally:
            self._depth -= 1

    def _word(self) -> Matches:
        if self._take("("):
            inner = self.either()
            if not self._take(")"):
                raise BadKeyword("`)` is missing")
            return inner
        word = self.peek()
        if word in ("", ")", "and", "or"):
            raise BadKeyword(f"a word is missing before {word!r}" if word else "a word is missing at the end")
        self._at += 1
        return lambda names: any(word.lower() in name.lower() for name in names)

    def _take(self, token: str) -> bool:
        taken = self.peek() == token
        self._at += taken
        return taken
