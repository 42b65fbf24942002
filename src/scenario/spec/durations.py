"""Times as people write them, `5s` or `100 ms`: what to write instead, since a time here is a number of seconds."""

from __future__ import annotations

import re

_TIME = r"(?i)\s*(\d+(?:\.\d+)?)\s*(?:(ms|millis\w*)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hours?))\s*"
_SECONDS = (0.001, 1.0, 60.0, 3600.0)
"""Of each unit, in the order of the groups."""


def in_seconds(text: str) -> str | None:
    """The hint for such a text, None for any other."""
    found = re.fullmatch(_TIME, text)
    if found is None:
        return None
    number, *units = found.groups()
    unit = next(seconds for seconds, named in zip(_SECONDS, units, strict=True) if named)
    return f"a time is a number of seconds: `{float(number) * unit:g}`"
