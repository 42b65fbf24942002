"""How large values may become; what goes past a bound raises OverflowError."""

from __future__ import annotations

MAX_BITS = 10_000
"""Integers: about 3,000 digits, fewer than Python refuses to print."""

MAX_LENGTH = 1_000_000
"""Items of a sequence, characters of a text."""

MAX_NODES = 1_000_000
"""Values inside a nested container, counting a shared part as often as it can be reached."""

MAX_EQUAL_HASHES = 200
"""Different values of one set or dict that have the same hash."""

MAX_READABLE = 10 * MAX_LENGTH
"""Characters of a container as text."""

SCALARS = frozenset({int, float, bool, str, type(None)})
TEXTS = (str, bytes)
SEQUENCES = (str, bytes, list, tuple)
CONTAINERS = (list, tuple, dict, set)


def fits(length: int) -> None:
    """Raises OverflowError for a length of too many items."""
    if length > MAX_LENGTH:
        raise OverflowError(f"longer than {MAX_LENGTH} items")


def int_fits(bits: int) -> None:
    """Raises OverflowError for an integer of too many bits."""
    if bits > MAX_BITS:
        raise OverflowError(f"an integer of more than {MAX_BITS} bits")
