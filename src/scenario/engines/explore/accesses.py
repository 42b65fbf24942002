"""One access in words, with the values it had: `read wants[0] -> False`, `wants[1] = True`, `xs.append(3)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario.engines.explore.code import Access
from scenario.engines.explore.lower.source import UNSET
from scenario.engines.explore.values import FutureHandle, Raised, thaw
from scenario.engines.explore.world import Note
from scenario.program.show import expression
from scenario.program.walk import map_children
from scenario.syntax import Const, Expr, Local, Slice, Subscript

LONGEST = 60
"""Characters of a value that are shown."""


def told(access: Access, value: Any, names: Mapping[str, Any]) -> str:
    """The access of a thread whose locals had these values; `value` is what was read, or the variable as written."""
    node = None if access.node is None else _valued(access.node, names)
    text = "" if node is None else expression(node)
    if not text or "$" in text:
        text = ", ".join(sorted(access.reads | access.writes)) or "state"
    match access.action:
        case "update" if type(value) is tuple:  # what was read is no container: the write follows
            return f"read {text} -> {_short(value[0])}"
        case "write" | "update":
            return f"{text} = {_short(_element(node, value))}"
        case "delete":
            return f"del {text}"
        case "read" | "load":
            return f"read {text} -> {_short(value)}"
        case "next":
            return f"next of {text} -> {_short(value[0])}" if value else f"end of {text}"
        case _:
            return f"{text} -> {_short(value)}" if value is not None else text


def written(note: Note) -> frozenset[str]:
    """The variables that the step has written; one that updates containers may have found none, and has only read."""
    access, key, _ = note
    if not isinstance(access, Access) or (access.action == "update" and type(thaw(key)) is tuple):
        return frozenset()
    return access.writes


def _valued(node: Any, names: Mapping[str, Any]) -> Any:
    """The expression with locals as the values that they had, as far as a value can be written."""
    if isinstance(node, Local) and (value := names.get(node.name, UNSET)) is not UNSET:
        return node if isinstance(value, FutureHandle | Raised) else Const(value)
    return map_children(node, lambda child: _valued(child, names))


def _element(node: Expr | None, value: Any) -> Any:
    """What was written: the element of the container's new value; all of it for a slice."""
    if isinstance(node, Subscript) and not isinstance(node.index, Slice) and isinstance(node.index, Const):
        container: Any = _element(node.value, value)
        try:
            return container[node.index.value]
        except (LookupError, TypeError):  # the write has raised
            return container
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
