"""The threads as the process of one of them sees the others: it may ask, but only the parent starts, joins and tests them.

What is refused is refused as `multiprocessing.Process` does, in its words.
"""

from __future__ import annotations

from scenario.engines.processes.slots import ALIVE, Slots
from scenario.program.program import Program


class Other:
    """A thread, or main."""

    def __init__(self, slots: Slots, number: int, name: str) -> None:
        self._slots, self.number, self.name = slots, number, name

    def start(self) -> None:
        raise AssertionError("can only start a process object created by current process")

    def join(self, _timeout: float | None = None) -> None:
        raise AssertionError("can only join a child process")

    def is_alive(self) -> bool:
        raise AssertionError("can only test a child process")


class Others:
    """All of them; main is the last."""

    def __init__(self, program: Program, slots: Slots) -> None:
        self._slots = slots
        self.objects: dict[str, object] = {}
        self.numbers: dict[str, range] = {}
        first = 0
        for group in program.groups:
            numbers = range(first, first + len(group.names))
            others = [Other(slots, number, name) for number, name in zip(numbers, group.names, strict=True)]
            self.objects[group.key] = others if group.is_group else others[0]
            self.numbers[group.key] = numbers
            first = numbers.stop
        self.objects["main"] = Other(slots, first, "MainThread")
        self.numbers["main"] = range(first, first + 1)

    def start(self, thread: Other) -> None:
        thread.start()

    def start_all(self) -> None:
        raise AssertionError("can only start a process object created by current process")

    def join_all(self, _timeout: float | None = None) -> None:
        raise AssertionError("can only join a child process")

    def alive(self, group: str, thread: Other | None = None) -> int:
        return sum(self._slots.state(number) == ALIVE for number in self._of(group, thread))

    def blocked(self, group: str, thread: Other | None = None) -> int:
        return sum(self._slots.is_blocked(number) for number in self._of(group, thread))

    def _of(self, group: str, thread: Other | None) -> range:
        return self.numbers[group] if thread is None else range(thread.number, thread.number + 1)
