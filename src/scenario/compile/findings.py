"""Collects a file's diagnostics while it is compiled, and knows which mistakes a `raises` asks for."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from scenario.diagnostics import Diagnostic, nearest
from scenario.source import Span
from scenario.spec.recovery import is_unknown


class Findings:
    """The diagnostics of one file, each once, in the order of their places.

    A static rule never refuses what a `raises` expects: a mistake that Python answers with an exception
    (`python`) is not reported inside a step that expects it. It is kept in `would_raise` until the
    step that makes it has been lowered (to a plain raise of that exception).
    """

    __slots__ = ("_expected", "_seen", "count", "would_raise")

    def __init__(self, known: Iterable[Diagnostic] = ()) -> None:
        self._seen = dict.fromkeys(known)
        self._expected: list[str] = []
        self.count = 0
        """More than before means that something went wrong, be it known already or asked for."""
        self.would_raise: str | None = None

    def add(self, code: str, message: str, span: Span, hint: str | None = None, python: str | None = None) -> None:
        """Report a mistake; `python` names the built-in exception that Python raises for it, if it does."""
        self.count += 1
        if python is not None and any(_catches(name, python) for name in self._expected):
            self.would_raise = self.would_raise or python
            return
        self._seen[Diagnostic(code, message, span, hint)] = None

    def follows(self) -> None:
        """Something is wrong that follows from a mistake which is known already."""
        self.count += 1

    @contextmanager
    def step(self) -> Iterator[None]:
        """Inside, `would_raise` is of one step alone."""
        outer, self.would_raise = self.would_raise, None
        yield
        self.would_raise = outer

    def raises_here(self) -> str | None:
        """What the step would raise, which an enclosing `raises` asks for; it has been seen to from now on."""
        exception, self.would_raise = self.would_raise, None
        return exception

    def expect(self, exception: str) -> None:
        """From here on a `raises: exception` is around."""
        self._expected.append(exception)

    @property
    def expecting(self) -> bool:
        """Whether some `raises` is around."""
        return bool(self._expected)

    def expect_no_more(self) -> None:
        """The step with the innermost `raises` has been lowered."""
        self._expected.pop()

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All that was found, in the order of the file."""
        return tuple(sorted(self._seen, key=lambda found: (found.span, found.code, found.message)))


def _catches(expected: str, raised: str) -> bool:
    """Whether `raises: expected` is content with built-in `raised`; a name that is broken may be any exception's."""
    if is_unknown(expected):
        return True
    outer, inner = getattr(builtins, expected, None), getattr(builtins, raised)
    return isinstance(outer, type) and issubclass(inner, outer)


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to a misspelt name, or None."""
    return nearest(name.lower(), candidates)
