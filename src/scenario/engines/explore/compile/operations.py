"""An operation by the slots of what it reads: an engine that comes by it a million times looks no name up."""

from __future__ import annotations

from typing import TypedDict

from scenario.engines.explore.compile.spelling import Body
from scenario.program import ops
from scenario.steps import code as steps
from scenario.steps.operands import arguments, exception, place, routine
from scenario.syntax import Local, Ref


class Operation(TypedDict, total=False):
    """The fields of the explorer's `Operate`."""

    verb: type[ops.Act]
    name: str
    index: int | None
    args: dict[str, int]
    part: str
    routine: str
    exception: str
    about: str


def operation(body: Body, of: steps.Operate | steps.Fire | steps.Work) -> Operation:
    match of:
        case steps.Fire():
            return {"verb": ops.Start, "part": "fire"}
        case steps.Work(pool, part, given):
            args = {} if given is None else {"idle" if part == "take" else "value": body.slot(given.name)}
            return {"verb": ops.Submit, "args": args, "part": part, **_place(body, pool)}
        case steps.Operate(op, part, about):
            slots = {name: body.slot(value.name) for name, value in arguments(op).items() if isinstance(value, Local)}
            return {
                "verb": type(op), "args": slots, "part": part, "routine": routine(op), "exception": exception(op), "about": about,
                **_place(body, place(op)),
            }  # fmt: skip


def _place(body: Body, ref: Ref | None) -> Operation:
    """By name, and the slot of the index."""
    if ref is None:
        return {}
    return {"name": ref.name, "index": body.slot(ref.index.name) if isinstance(ref.index, Local) else None}
