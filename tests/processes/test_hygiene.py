"""Nothing is left behind: no process, no semaphore, no shared memory, whatever ends the run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SHARED = Path("/dev/shm")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the system tells of its semaphores in /dev/shm on Linux only"
)

TEXT = """
scenario: x
runtimes: [multiprocessing]
vars: {xs: [1], n: 0}
primitives: {a: Lock, q: Queue, gate: {Barrier: 2}}
threads:
  A: {steps: [n = 1, {with: a, do: [{wait: gate}, {print: here}, {sleep: 1000}]}]}
  B: {steps: [{put: q, item: 1}, {wait: gate}, {acquire: a}]}
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


@pytest.mark.parametrize("how", ["ctrl-c", "sigkill"])
def test_whoever_ends_the_runner(tmp_path, how):
    before = pieces()
    runner, processes = started(tmp_path)
    names = semaphores(processes)
    assert len(processes) >= 4  # the parent, a tracker, the manager, A and B
    assert names
    os.kill(runner.pid, signal.SIGINT if how == "ctrl-c" else signal.SIGKILL)
    runner.communicate(timeout=60)
    assert not leftovers(processes, before)
    assert not [name for name in names if Path(name.removesuffix(" (deleted)")).exists()]
