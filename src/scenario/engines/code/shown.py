"""Values as a report shows them, without a call of the user's own code, and those that the steps of an execution read and wrote."""

from __future__ import annotations

LONGEST = 40
PLAIN = (int, float, complex, bool, str, bytes, type(None))


def shown(value: object, depth: int = 2) -> str:
    """As Python writes it where it is built in, else by its class."""
    text = _shown(value, depth)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _shown(value: object, depth: int) -> str:
    if type(value) in PLAIN:
        return repr(value if not isinstance(value, str | bytes) else value[:LONGEST])
    if type(value) in (list, tuple, set, dict) and depth:
        return _contents(value, depth - 1)
    if isinstance(value, type):
        return value.__name__
    return f"<{type(value).__name__}>"


def _contents(value: object, depth: int) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_shown(key, depth)}: {_shown(each, depth)}" for key, each in list(value.items())[:9])
        return f"{{{inside}}}"
    assert isinstance(value, list | tuple | set)
    inside = ", ".join(_shown(each, depth) for each in list(value)[:9])
    if isinstance(value, list):
        return f"[{inside}]"
    if isinstance(value, tuple):
        return f"({inside}{',' * (len(value) == 1)})"
    return f"{{{inside}}}" if value else "set()"


CONTAINERS = (list, dict, set)
"""What changes while it is known: kept itself, since other objects kept alive would change what weak references tell."""


class Notes:
    """By the numbers of steps: `texts` is the value as a report shows it, `containers` the value where it is one."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.containers: dict[int, object] = {}

    def note(self, step: int, value: object) -> None:
        """The last value of a step counts."""
        self.texts[step] = shown(value)
        if type(value) in CONTAINERS:
            self.containers[step] = value
        else:
            self.containers.pop(step, None)
