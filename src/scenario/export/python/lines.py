"""Lines of Python with their indentation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field

from scenario.record import mutable


@mutable
class Lines:
    """What has been written, and how deep the next line stands."""

    lines: list[str] = field(default_factory=list)
    depth: int = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text if text else "")

    def apart(self) -> None:
        """Two lines of nothing, as between functions."""
        self.line("")
        self.line("")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A compound statement; `pass` stands in it if nothing else does (a comment is nothing)."""
        self.line(head)
        self.depth += 1
        first = len(self.lines)
        yield
        if all(line.lstrip().startswith("#") for line in self.lines[first:]):
            self.line("pass")
        self.depth -= 1
