"""Where a claim finds what it names: in the outcome of one execution."""

from __future__ import annotations

from typing import assert_never

from scenario.program.program import element_name
from scenario.record import record
from scenario.results.outcome import ExceptionView, FutureView, Outcome


class CancelledError(Exception):
    """What `concurrent.futures` raises for a cancelled future (the judge imports no concurrency)."""


@record
class OutcomeView:
    """The environment of `expect` (see `program.evaluate.Environment`)."""

    outcome: Outcome

    def local(self, name: str) -> object:
        raise NameError(f"name {name!r} is not defined")

    def shared(self, name: str) -> object:
        return self.outcome.shared[name]

    def register(self, thread: str, index: int | None, local: str) -> object:
        """A thread's local at its end; None if it never assigned it."""
        registers = self.outcome.registers
        ref = element_name(thread, index)
        if ref not in registers and index == 0:
            ref = thread
        return registers.get(ref, {}).get(local)

    def query(self, name: str, index: int | None, attribute: str) -> object:
        objects = self.outcome.objects
        if (name, index) not in objects:
            raise IndexError(f"{name} has no element {index}")
        return objects[name, index][attribute]

    def own_future(self, name: str, index: int | None) -> object:
        return self.query(name, index, "future")

    def future(self, future: object, attribute: str) -> object:
        if isinstance(future, FutureView):
            return future_attribute(future, attribute)
        raise AttributeError(f"{type(future).__name__!r} object has no attribute {attribute!r}")

    def now(self) -> float:
        if self.outcome.elapsed is None:
            raise TimeoutError("this execution has no clock")
        return self.outcome.elapsed


def future_attribute(future: FutureView, attribute: str) -> object:
    """`done`, `running`, `cancelled` or `exception` of a future; `exception` never blocks."""
    match attribute:
        case "done":
            return future.state in ("cancelled", "finished")
        case "running" | "cancelled":
            return future.state == attribute
        case _:
            return future_exception(future)


def future_exception(future: FutureView) -> ExceptionView | None:
    """The exception, None where there is none; raises where `future.exception()` would."""
    match future.state:
        case "finished":
            return future.exception
        case "cancelled":
            raise CancelledError
        case "pending" | "running":
            raise TimeoutError
        case _:
            assert_never(future.state)
