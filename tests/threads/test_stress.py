"""Under stress races show; what makes them show is gone afterwards, also when we were killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from threads.files import program

from scenario.engines.threads import noise, run
from scenario.engines.threads.stress import noisy, pace
from scenario.machine import processors

RACE = """
    vars: {a: 1, b: 2}
    threads:
      A: {steps: [{repeat: 40, as: i, do: ["a, b = b, a"]}]}
      B: {steps: [{repeat: 40, as: i, do: ["a, b = b, a"]}]}
"""
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="timer slack and the list of all processes are Linux's (prctl, /proc)"
)


def noisy_processes(parent: int) -> list[int]:
    """By every process's parent: the kernel's own list of children may leave some out while others end."""
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [process for process in processes if is_noise_of(parent, process)]


def is_noise_of(parent: int, process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return False
    return int(stat.rpartition(")")[2].split()[1]) == parent and b"random.uniform" in command


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and " Z " not in stat.read_text()


def test_the_switch_interval_is_drawn_by_the_seed_from_a_microsecond_to_five_milliseconds() -> None:
    def drawn(seed: int) -> float:
        with pace.drawn(seed) as interval:
            return interval

    found = [drawn(seed) for seed in range(300)]
    assert found[7] == drawn(7)
    assert 1e-6 <= min(found) < 3e-6
    assert 3e-3 < max(found) <= 5.1e-3


def test_a_run_under_stress_leaves_the_pace_as_it_was() -> None:
    before = sys.getswitchinterval()
    run(program(RACE), seed=3, stress=True)
    assert sys.getswitchinterval() == before


@linux
def test_a_run_under_stress_leaves_the_systems_timer_slack_as_it_was() -> None:
    def slack() -> int:
        return int(ctypes.CDLL(None).prctl(30, 0, 0, 0, 0))

    before = slack()
    with pace.drawn(3):
        assert slack() == 1
    assert slack() == before


@linux
def test_there_is_noise_for_every_processor_and_none_afterwards() -> None:
    with noise(wanted=True):
        made = noisy_processes(os.getpid())
        assert len(made) == min(max(2, processors()), noisy.MOST)
        assert all(map(is_running, made))
    assert not any(map(is_running, made))


@linux
def test_noise_ends_when_its_parent_is_killed() -> None:
    code = "from scenario.engines.threads import noise\nwith noise(wanted=True): print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        made = noisy_processes(process.pid)
        process.send_signal(signal.SIGKILL)
    assert len(made) >= 2
    end = time.monotonic() + 10
    while any(map(is_running, made)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(is_running, made))


def test_no_noise_where_none_is_wanted() -> None:
    with noise(wanted=False):
        assert noisy_processes(os.getpid()) == []


def test_noise_can_be_made_again() -> None:
    for _ in range(2):
        with noise(wanted=True):
            pass
