"""How large values may become; what goes past a bound raises Refused."""

from __future__ import annotations

from typing import NoReturn

from scenario.source import Span

MAX_BITS = 10_000
"""Integers: about 3,000 digits, fewer than Python refuses to print."""

MAX_LENGTH = 1_000_000
"""Items of a sequence, characters of a text."""

MAX_NODES = 1_000_000
"""Values inside a nested container, counting a shared part as often as it can be reached."""

MAX_DEPTH = 200
"""Containers in containers."""

MAX_ELEMENTS = 2_000_000
"""What one comprehension runs over and makes, with the comprehensions inside it."""

MAX_EQUAL_HASHES = 30
"""Different values of one set or dict that have the same hash."""

MAX_MEMORY = 1 << 30
"""Bytes that a run may add to the memory of its process and of all that it starts, or the local work of one step."""

MAX_READABLE = 10 * MAX_LENGTH
"""Characters of a container as text."""

MOST_CALLS = 900
"""Nested calls of routines; Python refuses at about a thousand frames."""

MOST_ROUNDS = 1_000_000
"""Rounds of loops within one step, where all interleavings are explored."""

ON_AND_ON = f"a loop goes round more than {MOST_ROUNDS} times in one step"
"""What is said of more."""

SCALARS = frozenset({int, float, bool, str, type(None)})
TEXTS = (str, bytes)
SEQUENCES = (str, bytes, list, tuple)
CONTAINERS = (list, tuple, dict, set)


class Refused(BaseException):
    """What no expression may do. The file is at fault: no handler of a scenario sees it, and no engine goes on.

    `span`: where, if whoever lets it pass knows better than the step that it came from.
    """

    span: Span | None = None

    def at(self, span: Span) -> Refused:
        """It was here."""
        self.span = span
        return self


def refuse(message: str) -> NoReturn:
    """Raises Refused."""
    raise Refused(message)


def fits(length: int) -> None:
    """Refuses a length of too many items."""
    if length > MAX_LENGTH:
        refuse(f"longer than {MAX_LENGTH} items")


def int_fits(bits: int) -> None:
    """Refuses an integer of too many bits."""
    if bits > MAX_BITS:
        refuse(f"an integer of more than {MAX_BITS} bits")
