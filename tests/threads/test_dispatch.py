"""No op, kind or effect is forgotten: each member of a sum type has its place in every table."""

import inspect
from typing import get_args

import pytest

from scenario.engines.threads.emit import (
    atomic,
    calls,
    control,
    locks,
    lower,
    pools,
    queues,
    signals,
    statements,
    threads,
)
from scenario.engines.threads.live import build
from scenario.program import program
from scenario.program.ops import Op
from scenario.syntax import Statement

FAMILIES = {
    "statements": (statements, Statement),
    "locks": (locks, locks.LockOp),
    "signals": (signals, signals.SignalOp),
    "queues": (queues, queues.QueueOp),
    "threads": (threads, threads.ThreadOp),
    "pools": (pools, pools.PoolOp),
    "control": (control, control.ControlOp),
    "calls": (calls, calls.CallOp),
    "atomic": (atomic, atomic.AtomicOp),
}


@pytest.mark.parametrize("op", get_args(Op), ids=lambda op: op.__name__)
def test_every_op_is_lowered_by_one_family_or_by_the_dispatch_itself(op):
    dispatch = inspect.getsource(lower.step)
    places = [
        f"{op.__name__}(" in inspect.getsource(module.emit) and f"{name}.emit(c, op" in dispatch
        for name, (module, family) in FAMILIES.items()
        if op in get_args(family)
    ]
    assert (places or [f"ops.{op.__name__})" in dispatch]) == [True]


@pytest.mark.parametrize("kind", get_args(program.Kind), ids=lambda kind: kind.__name__)
def test_every_kind_is_built(kind):
    assert f"p.{kind.__name__}(" in inspect.getsource(build.Builder)
