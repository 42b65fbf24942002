"""Nothing is left behind: no process, no semaphore, no shared memory, whatever ends the run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes.files import program

from scenario.engines.processes import run

SHARED = Path("/dev/shm")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the system tells of its semaphores in /dev/shm on Linux only"
)

TEXT = """
scenario: x
runtimes: [multiprocessing]
vars: {xs: [1], n: 0}
primitives: {a: Lock, q: Queue, gate: {Barrier: 2}, cpu: {ProcessPoolExecutor: 1}}
routines: {long: {steps: [{print: here}, {sleep: 1000}]}}
threads:
  A: {steps: [n = 1, {with: a, do: [{wait: gate}, {sleep: 1000}]}]}
  B: {steps: [{put: q, item: 1}, {wait: gate}, {acquire: a}]}
main: [{start: all}, {submit: long, to: cpu, into: f}, {result: f}]
timeout: 300
"""


def started(tmp_path):
    """A run whose processes are all there, and those of its processes that live in sessions of their own."""
    file = tmp_path / "x.scenario.yaml"
    file.write_text(TEXT)
    command = [sys.executable, "-m", "scenario", "run", str(file)]
    runner = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = [runner.stdout.readline()]
    while said[-1] and b"here" not in said[-1]:
        said.append(runner.stdout.readline())
    assert said[-1], said
    return runner, descendants(runner.pid)


def descendants(pid):
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def leftovers(processes, before):
    """What is still there, once nothing of it goes away any more."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        alive = [pid for pid in processes if Path(f"/proc/{pid}/cmdline").exists() and is_alive(pid)]
        files = semaphores(processes) | (pieces() - before)
        if not alive and not files:
            return set()
        time.sleep(0.05)
    return {*alive, *files}


def is_alive(pid):
    try:
        return re.search(r"\) ([A-Z])", Path(f"/proc/{pid}/stat").read_text()).group(1) != "Z"
    except OSError:
        return False


def pieces():
    """Shared memory of multiprocessing's, and sockets' directories."""
    return {str(path) for path in SHARED.glob("pym-*")}


def semaphores(processes):
    """Those that one of the processes has still open, by their names in the system."""
    found = set()
    for pid in processes:
        try:
            found |= set(re.findall(r"/dev/shm/sem\.\S+", Path(f"/proc/{pid}/maps").read_text()))
        except OSError:
            continue
    return found


SIGNALS = {"ctrl-c": signal.SIGINT, "sigterm": signal.SIGTERM, "sigkill": signal.SIGKILL}


@pytest.mark.parametrize("how", SIGNALS)
def test_whoever_ends_the_runner(tmp_path, how):
    before = pieces()
    runner, processes = started(tmp_path)
    names = semaphores(processes)
    assert len(processes) >= 6  # the parent, a tracker, the manager, A, B and the pool's worker
    assert names
    os.kill(runner.pid, SIGNALS[how])
    runner.communicate(timeout=60)
    assert not leftovers(processes, before)
    assert not [name for name in names if Path(name.removesuffix(" (deleted)")).exists()]


MANY = """
scenario: x
runtimes: [multiprocessing]
primitives: {many: {array: 9500, of: Lock}}
threads: {A: {steps: [{acquire: "many[0]"}, {sleep: 1000}]}}
"""


def nobodys(before):
    """Semaphores that have come since and that no process has open."""
    new = {str(path) for path in SHARED.glob("sem.mp-*")} - before
    return new - semaphores(int(path.name) for path in Path("/proc").glob("[0-9]*"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_whoever_ends_the_runner_while_objects_are_made(tmp_path, how):
    """Those were left that were made while the others were taken back."""
    before = {str(path) for path in SHARED.glob("sem.mp-*")}
    file = tmp_path / "x.scenario.yaml"
    file.write_text(MANY)
    runner = subprocess.Popen([sys.executable, "-m", "scenario", "run", str(file)], stdout=subprocess.DEVNULL)
    processes = []
    while len(semaphores(processes)) < 1000:
        assert runner.poll() is None
        processes = descendants(runner.pid)
    os.kill(runner.pid, how)
    runner.wait(timeout=60)
    end = time.monotonic() + 60
    while (left := [*filter(is_alive, processes), *nobodys(before)]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


REFUSED = {
    "pool": (
        "routines: {f: {steps: [{return: 1}]}}\nprimitives: {cpu: {ProcessPoolExecutor: 1}}\n"
        "main: [{submit: f, to: cpu, into: r}, {result: r}]\n"
    ),
    "processes": "runtimes: [multiprocessing]\nthreads: {A: {count: 6, steps: [pass]}}\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_the_system_refuses_leaves_no_semaphore(tmp_path, text):
    """One was left that had been made, and of which the tracker could not be told: that was refused itself."""
    import resource

    before = {str(path) for path in SHARED.glob("sem.mp-*")}
    file = tmp_path / "x.scenario.yaml"
    file.write_text(f"scenario: x\n{text}")
    for limit in range(9, 15):
        done = subprocess.run(
            [sys.executable, "-m", "scenario", "run", file], capture_output=True, text=True, timeout=60, check=False,
            preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    end = time.monotonic() + 30
    while (left := nobodys(before)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


def test_making_objects_ends_with_the_time_of_a_run():
    outcome = run(program(MANY.replace("scenario: x\n", "timeout: 0.001\n")))
    assert (outcome.end, outcome.blocked) == ("timeout", ())


DEADLOCK = "primitives: {a: Lock, q: Queue}\nvars: {xs: []}\nthreads:\n  A: {steps: [{acquire: a}, {acquire: a}]}\n"
ENDS = {
    "deadlock": (DEADLOCK, "deadlock"),
    "failure": (DEADLOCK.replace("{acquire: a}]", "{release: a}, {raise: KeyError}]"), "error"),
    "timeout": (DEADLOCK.replace("{acquire: a}]", "{sleep: 1000}]") + "timeout: 3\n", "timeout"),
    "kill": (DEADLOCK.replace("{acquire: a}]", "{kill: A}]"), None),
    "pool": (
        ("primitives: {a: Lock, cpu: {ProcessPoolExecutor: 2}}\nroutines: {long: {steps: [{sleep: 1000}]}}\nthreads: {}\n"
        "main: [{submit: long, to: cpu, into: f}, {result: f}]\ntimeout: 3\n"),
        "timeout",
    ),
    "refusal": (
        DEADLOCK.replace("{acquire: a}]", "{repeat: 9, do: [x = 10 ** 2000, x = x * x, x = x * x]}]"), "SC355"
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", ENDS)
def test_whatever_ends_a_run(tmp_path, how):
    """All that the run has started is known by its environment; semaphores that it leaves are told of by multiprocessing's tracker."""
    text, kind = ENDS[how]
    (tmp_path / "x.scenario.yaml").write_text(f"scenario: x\nruntimes: [multiprocessing]\n{text}")
    command = [sys.executable, "-m", "scenario", "run", "--output-format", "json", "x.scenario.yaml"]
    known = f"SCENARIO_TEST_OF={tmp_path}"
    environment = {**os.environ, **dict([known.split("=", 1)])}
    runner = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    names = set()
    while runner.poll() is None:  # others use the system beside us
        names |= set(semaphores(started_with(known)))
        time.sleep(0.02)
    shown, told = runner.communicate(timeout=120)
    (result,) = json.loads(shown)["results"]
    assert [failure["kind"] for failure in result["failures"]] == ([] if kind is None else [kind])
    end = time.monotonic() + 30
    while (left := started_with(known)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left
    assert told == b""  # its tracker would tell of what it had to take back
    assert names
    assert not [name for name in names if Path(name.removesuffix(" (deleted)")).exists()]


def started_with(variable):
    """The processes that have this in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if variable.encode() in path.read_bytes() and is_alive(int(path.parent.name)):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found
