"""Which exceptions an operation is known to raise now and then."""

from __future__ import annotations

from scenario.program import ops


def may_raise(op: ops.Op) -> str | None:
    """The exception of an operation that may fail for reasons of other threads."""
    match op:
        case ops.Get(block=block, timeout=timeout) if block is not None or timeout is not None:
            return "Empty"
        case ops.Put(block=block, timeout=timeout) if block is not None or timeout is not None:
            return "Full"
        case ops.WaitBarrier():
            return "BrokenBarrierError"
        case ops.Await(timeout=timeout) | ops.Result(timeout=timeout) if timeout is not None:
            return "TimeoutError"
        case ops.CallPython():
            return "Exception"
        case _:
            return None
