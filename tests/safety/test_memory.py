"""What a process holds is known also where the system tells no more than the most that it ever held."""

from __future__ import annotations

import ctypes
import sys

import pytest
from tasks.files import program

from scenario import machine, windows
from scenario.compile import compile_scenario
from scenario.diagnostics import InvalidScenario
from scenario.engines import tasks
from scenario.engines.tasks import runtime
from scenario.engines.threads import run
from scenario.judge import judge
from scenario.results.undecided import OutOfMemory
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load


@pytest.fixture
def no_proc(monkeypatch):
    """As on macOS."""
    monkeypatch.setattr(machine, "_read", lambda _: b"")


@pytest.mark.usefixtures("no_proc")
def test_the_peak_grows_with_what_is_held():
    pytest.importorskip("resource", reason="Windows does not tell")
    before = machine.resident()
    held = b"x" * (machine.resident() + (64 << 20))
    assert machine.resident() - before >= 32 << 20
    assert held


EATING = {
    "a loop": "{while: True, do: [x.append('a' * 90000 + str(len(x)))]}",
    "a queue that takes all": "{while: True, do: [{put: q, item: \"'a' * 90000 + str(q.qsize())\"}]}",
    "a task that goes on and on": "{while: True, do: [x.append('a' * 90000 + str(len(x))), {sleep: 0}]}",
    "one line after the other": ", ".join(f"'v{n} = [0] * 900000'" for n in range(100)),
    "one block after the other": ", ".join(
        f"{{if: '[0] * {n}', then: ['v{n} = [0] * 900000']}}" for n in range(1, 101)
    ),
}


ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process holds")


@ON_LINUX
@pytest.mark.parametrize("what", EATING)
def test_what_a_task_takes_is_bounded(what, monkeypatch):
    """Nobody looks from outside: it does so itself, also where it holds the loop."""
    refused(what, monkeypatch, tasks.run)


@ON_LINUX
@pytest.mark.parametrize("what", sorted({*EATING} - {"a task that goes on and on"}))
def test_what_a_task_takes_is_bounded_where_it_is_explored(what, monkeypatch):
    refused(what, monkeypatch, lambda made: tasks.explore(made, ExploreOptions(), judge=judge))


def refused(what, monkeypatch, how):
    """As soon as it has more, at the step, unless it has ended in between."""
    monkeypatch.setattr(runtime, "MAX_MEMORY", 100 << 20)
    before = machine.resident()
    made = program(
        f"runtimes: [asyncio]\nvars: {{x: []}}\nprimitives: {{q: Queue}}\nthreads: {{A: {{steps: [{EATING[what]}]}}}}"
    )
    with pytest.raises(InvalidScenario, match="the run has taken 100 MiB of memory") as raised:
        how(made)
    assert machine.resident() - before < 400 << 20
    assert raised.value.diagnostics[0].span.line in ((1, 5) if what == "a task that goes on and on" else (5,))


@ON_LINUX
def test_many_tasks_that_take_a_little_are_too_many(monkeypatch):
    monkeypatch.setattr(runtime, "MAX_MEMORY", 100 << 20)
    made = program("runtimes: [asyncio]\nthreads: {A: {count: 1000, steps: ['v = [0] * 90000', {sleep: 1}]}}")
    with pytest.raises(InvalidScenario, match="the run has taken 100 MiB of memory"):
        tasks.run(made)


@ON_LINUX
def test_a_search_of_tasks_keeps_to_its_memory():
    made = program(
        "runtimes: [asyncio]\nvars: {x: []}\nthreads: {A: {count: 3, steps: [{while: True, do: [{sleep: 1}, x.append(index)]}]}}"
    )
    found = tasks.explore(made, ExploreOptions(max_memory=5), judge=judge)
    assert found.undecided == (OutOfMemory(5 << 20),)


class Kernel:
    """What stands for the library of Windows: processes by number, each with who started it and what it holds."""

    def __init__(self, processes: dict[int, tuple[int, int]]) -> None:
        self.processes = processes
        self.left = iter(())
        self.open: list[object] = []
        self.grows = 0

    def GetCurrentProcessId(self) -> int:
        return 1

    def OpenProcess(self, access: int, inherit: bool, process: int) -> int | None:
        assert access == 0x1000
        if self.processes[process][1] == 0:  # it has ended
            return None
        self.open.append(process)
        return process

    def CloseHandle(self, handle: ctypes.c_void_p) -> None:
        self.open.remove(handle.value)

    def K32GetProcessMemoryInfo(self, handle: ctypes.c_void_p, counters: object, size: int) -> bool:
        assert size == counters._obj.size == ctypes.sizeof(windows.Counters)
        counters._obj.working = self.processes[1 if handle.value == ctypes.c_void_p(-1).value else handle.value][1]
        self.processes[1] = (9, self.processes[1][1] + self.grows)
        return True

    def GlobalMemoryStatusEx(self, status: object) -> bool:
        assert status._obj.size == ctypes.sizeof(windows.Status)
        status._obj.left = 5 << 30
        return True

    def CreateToolhelp32Snapshot(self, what: int, _: int) -> int:
        assert what == 2
        self.left = iter(self.processes.items())
        self.open.append(77)
        return 77

    def Process32FirstW(self, snapshot: object, entry: object) -> bool:
        assert entry._obj.size == ctypes.sizeof(windows.Entry)
        return self.Process32NextW(snapshot, entry)

    def Process32NextW(self, _: object, entry: object) -> bool:
        for entry._obj.process, (entry._obj.parent, _) in self.left:
            return True
        return False


@pytest.fixture
def as_on_windows(monkeypatch):
    """The processes: this one (1), its child (2), that one's child (3), one that has ended (4), and two of others."""
    big = 100 << 20
    kernel = Kernel({9: (8, big), 8: (0, big), 3: (2, big), 2: (1, big + 7), 1: (9, 3 * big), 4: (1, 0)})
    monkeypatch.setattr(machine, "WINDOWS", True)
    monkeypatch.setattr(windows, "kernel", lambda: kernel)
    return kernel


def test_windows_tells_of_this_process_and_of_those_that_it_has_started(as_on_windows):
    assert machine.resident() == 300 << 20
    assert machine.available() == 5 << 30
    assert machine.of_descendants() == 2 * ((100 << 20) - machine.PYTHON) + 7
    assert not as_on_windows.open


def test_windows_may_tell_nothing(as_on_windows, monkeypatch):
    monkeypatch.setattr(as_on_windows, "K32GetProcessMemoryInfo", lambda *_: False, raising=False)
    monkeypatch.setattr(as_on_windows, "GlobalMemoryStatusEx", lambda *_: False, raising=False)
    monkeypatch.setattr(as_on_windows, "CreateToolhelp32Snapshot", lambda *_: windows._NONE, raising=False)
    assert (machine.resident(), machine.available(), machine.of_descendants()) == (0, 0, 0)


def test_a_run_that_takes_too_much_is_ended_by_what_windows_tells(as_on_windows):
    source = Source("x.yaml", "scenario: s\nthreads: {A: {steps: [{sleep: 0.3}, {sleep: 20}]}}\n")
    (program,) = compile_scenario(load(source), source)
    as_on_windows.grows = 4 << 30
    with pytest.raises(InvalidScenario, match="MiB of memory"):
        run(program)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bit")
def test_the_structures_are_as_windows_has_them():
    assert [ctypes.sizeof(of) for of in (windows.Counters, windows.Status, windows.Entry)] == [72, 64, 568]
