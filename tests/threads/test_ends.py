"""How a run ends before its time: timeout, memory, Ctrl-C; and that nothing is left behind."""

from __future__ import annotations

import _thread
import concurrent.futures.thread  # noqa: F401 (its lock is one of those)
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from threads.files import outcome

from scenario.diagnostics import InvalidScenario
from scenario.engines.threads import leftovers, runner
from scenario.engines.threads.live import collect
from scenario.engines.threads.watch import stop
from scenario.real import endable, values
from scenario.real.endable import Abandoned
from scenario.report.words.waits import words
from scenario.results.outcome import Outcome

SPIN = "vars: {x: 0}\ntimeout: 0.3\nthreads:\n  A: {steps: [{while: True, do: [x += 1]}]}\n"
SLEEP = "timeout: 0.3\nthreads:\n  A: {steps: [{sleep: 1000}]}\n"
STUBBORN = "timeout: 0.3\nthreads:\n  A: {steps: [{while: True, do: [{try: [{sleep: 0.01}], except: {BaseException: [pass]}, finally: [x = 1]}]}]}\n"
MIXED = "timeout: 0.3\nprimitives: {e: Event, l: Lock, q: Queue, s: SimpleQueue, r: RLock}\nthreads:\n  A: {steps: [{with: l, do: [{with: r, do: [{get: s, timeout: 99}]}]}]}\n  B: {steps: [{sleep: 0.05}, {acquire: l, timeout: 99}]}\n  C: {steps: [{get: q, timeout: 99}]}\n  D: {steps: [{sleep: 0.05}, {acquire: r, timeout: 99}]}\n  E: {steps: [{join: A, timeout: 99}]}\n"


@pytest.mark.parametrize("text", [SPIN, SLEEP, STUBBORN, MIXED], ids=["spin", "sleep", "stubborn", "mixed"])
def test_a_run_past_its_timeout_is_ended_and_leaves_no_thread(text: str) -> None:
    before = threading.active_count()
    began = time.monotonic()
    assert outcome(text).end == "timeout"
    assert time.monotonic() - began < 60  # what they wait for would end them after 99
    assert not leftovers()
    assert threading.active_count() == before


def test_a_thousand_stuck_threads_are_all_ended() -> None:
    text = "primitives: {gate: {Barrier: 1001}}\nthreads:\n  party: {count: 1000, steps: [{wait: gate}]}\n"
    assert (outcome(text).end, leftovers()) == ("deadlock", False)


def test_who_waits_for_an_rlock_that_its_owner_keeps_is_ended() -> None:
    text = (
        "primitives: {r: RLock, held: Event, never: Event}\nthreads:\n"
        "  owner: {steps: [{acquire: r}, {acquire: r}, {set: held}, {wait: never}]}\n"
        "  waiting: {count: 3, steps: [{wait: held}, {acquire: r}]}\n"
    )
    assert (outcome(text).end, leftovers()) == ("deadlock", False)


def test_what_an_ended_thread_has_left_locked_for_all_is_given_back() -> None:
    place = threading.Lock()
    place.acquire()
    waiting = threading.Thread(target=place.acquire, daemon=True)
    waiting.start()
    locks = endable.shared_locks()
    for lock in locks:
        _thread.start_new_thread(lock.acquire, ())
    try:
        while not all(map(_is_taken, locks)):
            time.sleep(0.01)
        stop.end_threads([waiting], [place], list, seconds=2)
        assert not any(map(_is_taken, locks))
    finally:
        for lock in filter(_is_taken, locks):
            endable.free(lock)


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_is_not_ours_of_a_thread_is_not_ended(is_closed: bool) -> None:
    told, came = threading.Event(), []

    def run() -> None:
        try:
            while not told.is_set():
                pass
        except Abandoned:
            came.append("the end")

    thread = threading.Thread(target=run if is_closed else lambda: endable.within(run), daemon=True)
    endable.closed(thread)
    thread.start()
    time.sleep(0.1)
    endable.end(thread)
    time.sleep(0.1)
    told.set()
    thread.join()
    assert came == ([] if is_closed else ["the end"])


def _is_taken(lock: Any) -> bool:
    if not lock.acquire(blocking=False):
        return True
    lock.release()
    return False


def in_time(text: str, is_there: Callable[[Outcome], object]) -> Outcome:
    """Of a run that ends at its timeout, one in which all had come so far by then: on a busy machine it takes more time."""
    found = (outcome(f"timeout: {seconds}\n{text}") for seconds in (0.5, 5, 30))
    return next(one for one in found if is_there(one))


def test_a_timeout_names_who_waits_for_whom() -> None:
    result = in_time(
        "primitives: {l: Lock, held: Event}\nthreads:\n  A: {steps: [{with: l, do: [{set: held}, {sleep: 1000}]}]}\n  B: {steps: [{wait: held}, {acquire: l}]}\n",
        lambda one: one.blocked and words(one.blocked[0].wait) == "lock l",
    )
    (blocked,) = result.blocked
    assert (result.end, blocked.thread, words(blocked.wait), blocked.wait.holders[0].thread) == (
        "timeout",
        "B",
        "lock l",
        "A",
    )


def test_a_run_that_eats_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MAX_MEMORY", 50 << 20)
    with pytest.raises(InvalidScenario) as invalid:
        outcome(
            "timeout: 100\nvars: {x: []}\nthreads:\n  A: {steps: [{while: True, do: ['x.append([1, 2, 3] * 99)']}]}\n"
        )
    (found,) = invalid.value.diagnostics
    assert (found.code, found.span.line) == ("SC355", 5)


def test_what_is_large_is_not_copied_while_threads_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[object] = []
    monkeypatch.setattr(values, "_LARGE", 100)
    monkeypatch.setattr(collect, "view", copied.append)
    result = in_time(
        "vars: {few: [[0], {1: 2}], many: []}\nthreads:\n"
        "  A: {steps: ['many = [[0] * 9] * 30', {sleep: 1000}, 'few.append(1)']}\n",
        lambda one: one.shared["many"],
    )
    assert result.shared["many"] == [[0] * 9] * 30
    assert copied[-1:] == [[[0], {1: 2}]]


@pytest.mark.parametrize(("error", "told"), [(Abandoned, 0), (ValueError, 1)])
def test_an_end_that_comes_inside_a_callback_is_not_reported(
    error: type[BaseException], told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the collector, say: Python can not raise from there, and the next round raises anew."""
    seen: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)

    def callback(phase: str, info: dict[str, int]) -> None:
        raise error

    gc.callbacks.append(callback)
    try:
        with stop._unraisable_unsaid():
            gc.collect()
    finally:
        gc.callbacks.remove(callback)
    assert bool(seen) == bool(told)  # twice a collection, of which Python may have begun one of its own


@pytest.mark.parametrize("pool", ["", "primitives: {pool: {ThreadPoolExecutor: 1}}\n"], ids=["here", "child"])
def test_ctrl_c_gives_what_was_seen(pool: str) -> None:
    result = outcome(
        "vars: {x: 0}\n" + pool + "threads:\n  A: {steps: [x = 1, {print: seen}, {sleep: 1000}]}\n",
        on_print=lambda _: os.kill(os.getpid(), signal.SIGINT),
    )
    assert (result.end, result.shared, result.output) == ("interrupted", {"x": 1}, ("seen",))


def test_a_child_dies_with_its_parent() -> None:
    code = (
        "import os\nfrom threads.files import outcome\n"
        "outcome('primitives: {pool: {ThreadPoolExecutor: 1}, e: Event}\\nthreads:\\n  A: {steps: [{print: x}, {sleep: 1000}]}\\n',"
        " on_print=lambda t: (print(*children(), flush=True), os._exit(0)))\n"
    )
    children = "def children():\n    return __import__('pathlib').Path(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read_text().split()\n"
    out = subprocess.run(
        [sys.executable, "-c", children + code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": "tests"},
    )
    (child,) = out.stdout.split()
    stat = Path(f"/proc/{child}/stat")
    end = time.monotonic() + 30
    while is_there(stat) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_there(stat)


def is_there(stat: Path) -> bool:
    try:
        return " Z " not in stat.read_text()
    except OSError:
        return False


TRACED = """
import os, sys, threading
from scenario.engines.threads.watch.stop import end_threads

held = threading.Lock()
held.acquire()
stuck = threading.Thread(target=held.acquire, daemon=True)
stuck.start()
end_threads([stuck], [], list, 0.01)
sys.settrace(lambda *_: None)
(lambda: None)()
os._exit(0)
"""


ENDED = """
import os, sys, threading, time
from scenario.real import endable

def spin():
    while True:
        time.sleep(0)

thread = threading.Thread(target=lambda: endable.within(spin), daemon=True)
thread.start()
time.sleep(0.1)
endable.end(thread)
thread.join()
sys.settrace(lambda *_: None)
(lambda: None)()
os._exit(0)
"""


@pytest.mark.parametrize("text", [TRACED, ENDED], ids=["left", "ended"])
def test_a_thread_that_is_left_or_ended_keeps_no_traced_function_from_its_beginning(text: str) -> None:
    """On 3.11 an exception that waits for a blocked thread, or was taken back, did: a process under coverage went round for ever."""
    assert subprocess.run([sys.executable, "-c", text], timeout=60, check=False).returncode == 0
