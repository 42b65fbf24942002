"""An argument, of a primitive's constructor or of a verb: its name, how it is read, and what editors say of it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record

Reading: TypeAlias = Literal["expr", "value", "target", "ref", "name", "template"]
"""`value` is an expression whose value is kept by others, `target` what is assigned to."""


@record
class Argument:
    """`only`: the kinds of object with which it goes, where those are not all."""

    name: str
    reading: Reading = "expr"
    is_required: bool = False
    only: tuple[str, ...] = ()
