"""A program of which some params are left open: one instance of it, and how every other differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from scenario.program.program import Program
from scenario.record import record
from scenario.source import Span
from scenario.syntax import Expr


@record
class Open:
    """The instance for the `least` values (that the claim is about), whose trees have a `Param` wherever one stood.

    What was computed from such params has its tree here: `counts`, how many threads a group has; `values`, what variables
    begin with; `arguments`, of primitives by name (the size of an array is `array`). `uses`: every place in the file that
    depends on such a param; whoever speaks of all instances must have looked at each.
    """

    program: Program
    least: Mapping[str, int]
    counts: Mapping[str, Expr] = field(default_factory=dict)
    values: Mapping[str, Expr] = field(default_factory=dict)
    arguments: Mapping[str, Mapping[str, Expr]] = field(default_factory=dict)
    uses: frozenset[Span] = frozenset()
