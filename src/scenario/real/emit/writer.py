"""Lines of Python source, each with the step that it belongs to and the locks held there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field

from scenario.record import mutable, record
from scenario.source import START, Span


@record
class Site:
    """A line that may block in C: the names of what it waits for and of its arguments, in the frame."""

    kind: str  # "lock" or "simple" (a SimpleQueue's get)
    place: str
    blocking: str | None = None
    timeout: str | None = None


@record
class Held:
    """Inside a `with`: the name of its object in the frame, and where it was acquired."""

    place: str
    span: Span


@mutable
class Writer:
    """`steps[n]` is the step of line n; `held[n]` what the lines of `with` bodies hold; in the `leaves` such a body is left. Lines count from 1."""

    lines: list[str] = field(default_factory=list)
    steps: list[Span] = field(default_factory=lambda: [START])
    sites: dict[int, Site] = field(default_factory=dict)
    held: dict[int, tuple[Held, ...]] = field(default_factory=dict)
    leaves: set[int] = field(default_factory=set)
    depth: int = 0
    span: Span = START
    holding: tuple[Held, ...] = ()

    @property
    def next_line(self) -> int:
        """The number that the next line will have."""
        return len(self.lines) + 1

    def line(self, text: str, site: Site | None = None) -> None:
        """One line of the current step."""
        if site is not None:
            self.sites[self.next_line] = site
        if self.holding:
            self.held[self.next_line] = self.holding
        self.lines.append(" " * self.depth + text)
        self.steps.append(self.span)

    @contextmanager
    def block(self, head: str, site: Site | None = None) -> Iterator[None]:
        """A compound statement: its head, and its lines one level deeper (`pass` if there are none)."""
        self.line(head, site)
        self.depth += 1
        first = len(self.lines)
        yield
        if len(self.lines) == first:
            self.line("pass")
        self.depth -= 1

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Lines that belong to another step."""
        before, self.span = self.span, span
        yield
        self.span = before

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """The lines behind a `with` that is written out."""
        with self.block("finally:"):
            first = self.next_line
            yield
            self.leaves.update(range(first, self.next_line))

    @contextmanager
    def inside(self, held: Held) -> Iterator[None]:
        """Lines that are run while holding something."""
        before = self.holding
        self.holding = (*before, held)
        yield
        self.holding = before
