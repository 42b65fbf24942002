"""What the system refuses is nobody's verdict: the result is undecided and says so, also where a child asked for it."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from scenario.real.children.process_pool import ProcessPoolExecutor

POOL = """\
scenario: pool
routines: {f: {steps: [{return: 1}]}}
primitives: {pool: {ProcessPoolExecutor: 1}}
main: [{submit: f, to: pool, into: r}, {result: r}]
"""


@pytest.mark.parametrize("limit", [9, 12, 14, 16, 18])
def test_few_descriptors_are_no_verdict_wherever_they_are_missed(tmp_path, limit):
    (tmp_path / "x.yaml").write_text(POOL)
    done = subprocess.run(
        [sys.executable, "-m", "scenario", "run", tmp_path / "x.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    assert "the system refused: Too many open files: `ulimit -n` says" in done.stdout
    assert "Traceback" not in done.stdout


PROCESSES = """\
scenario: processes
runtimes: [multiprocessing]
threads: {A: {count: 6, steps: [pass]}}
main: [{try: [{start: all}], except: {BaseException: [pass]}}]
"""
FINE = "scenario: fine\nruntimes: [threading, asyncio]\nthreads: {A: {steps: [pass]}}\n"


def with_few(limit, *words):
    """The command with so many descriptors at most."""
    return subprocess.run(
        [sys.executable, "-m", "scenario", *words], capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip


@pytest.mark.parametrize("limit", [5, 6, 8, 10])
@pytest.mark.parametrize("words", [["run", "-j", "2"], ["explore", "-j", "2"], ["run", "-j", "2", "--times", "4"]])
def test_few_descriptors_for_workers_are_no_verdict_either(tmp_path, words, limit):
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(FINE)
    done = with_few(limit, *words, tmp_path)
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    assert "the system refused: Too many open files: `ulimit -n` says" in done.stdout
    assert "internal error" not in done.stdout


@pytest.mark.parametrize("limit", range(18, 30))
def test_a_process_that_can_not_be_started_is_no_exception_of_mains(tmp_path, limit):
    (tmp_path / "x.yaml").write_text(PROCESSES)
    done = with_few(limit, "run", tmp_path / "x.yaml")
    assert (done.returncode, done.stderr) in ((3, ""), (0, "")), done.stdout + done.stderr
    assert done.returncode == 0 or "the system refused: Too many open files" in done.stdout


def test_a_comparison_says_what_was_refused_and_is_not_right(tmp_path):
    (tmp_path / "x.yaml").write_text(PROCESSES)
    done = with_few(12, "compare", "--times", "1", "--runtime", "multiprocessing", tmp_path / "x.yaml")
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    assert "the system refused: Too many open files" in done.stdout


def test_a_loop_that_can_not_be_made_says_nothing_of_its_own(tmp_path):
    (tmp_path / "x.yaml").write_text(FINE)
    done = with_few(5, "run", "--runtime", "asyncio", tmp_path / "x.yaml")
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr


def test_a_current_directory_that_is_gone_is_named(tmp_path):
    """Multiprocessing tells each process in which directory to be."""
    (tmp_path / "x.yaml").write_text(POOL)
    (tmp_path / "gone").mkdir()
    command = f"cd gone && rmdir ../gone && exec {sys.executable} -P -m scenario run {tmp_path / 'x.yaml'}"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    assert "the current directory is gone, and processes are started in it" in done.stdout


def test_no_handler_of_the_scenarios_catches_it(tmp_path):
    (tmp_path / "x.yaml").write_text(
        POOL.replace("main: [", "main: [{try: [").replace(
            "{result: r}]", "{result: r}], except: {BaseException: [pass]}}]"
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "scenario", "run", tmp_path / "x.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (17, 17)),
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr


BROKEN = """\
import concurrent.futures.process as pools, os, sys, threading, time
def broken(self): raise RuntimeError("dictionary changed size during iteration")
pools._ExecutorManagerThread.join_executor_internals = broken
from scenario.real.children.process_pool import ProcessPoolExecutor
kill = ProcessPoolExecutor.end_processes
def and_wait(self):
    kill(self)
    time.sleep(0.5)
ProcessPoolExecutor.end_processes = and_wait  # it stumbles before anything else is done
from scenario.compile import compile_scenario
from scenario.engines.threads.runner import execute
from scenario.source import Source
from scenario.spec.load import load
source = Source("x.yaml", sys.argv[1])
print(execute(compile_scenario(load(source), source)[0]).end, flush=True)
for thread in threading.enumerate():
    if isinstance(thread, pools._ExecutorManagerThread): thread.join()
os._exit(0)
"""


def test_what_python_makes_of_ended_worker_processes_is_not_said():
    """Its thread looks after workers that are killed with the run, some while others are still made: it may stumble."""
    text = POOL.replace("[{return: 1}]", "[{sleep: 60}]") + "timeout: 1\n"
    done = subprocess.run([sys.executable, "-c", BROKEN, text], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "timeout\n"
    assert "Exception in thread" not in done.stderr


SLOWLY_MADE = """\
import sys, time
from multiprocessing import util
made = util.spawnv_passfds
def slowly(path, args, fds):
    pid = made(path, args, fds)
    if any("spawn_main" in str(arg) for arg in args): time.sleep(2.5)
    return pid
util.spawnv_passfds = slowly
from scenario.compile import compile_scenario
from scenario.engines.threads import child
from scenario.engines.threads.runner import execute
from scenario.source import Source
from scenario.spec.load import load
source = Source("x.yaml", sys.argv[1])
print(execute(compile_scenario(load(source), source)[0]).end, flush=True)
child._exit()
"""


def test_a_worker_that_is_being_made_when_the_run_is_over_says_nothing():
    """It has begun, and waits for what it is to do."""
    done = subprocess.run(
        [sys.executable, "-c", SLOWLY_MADE, POOL + "timeout: 1\n"],
        capture_output=True, text=True, timeout=60, check=False, start_new_session=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("timeout\n", "")


def test_what_goes_wrong_at_the_end_of_a_pools_queue_is_not_said(capsys):
    """CPython's feeder and its manager may close one pipe of it each, and the second has none any more."""

    def denied(error):
        raise error

    pool = ProcessPoolExecutor(1, None, (), denied)
    vars(pool)["_call_queue"]._on_queue_feeder_error(OSError(9, "Bad file descriptor"), None)
    assert capsys.readouterr().err == ""
    pool.shutdown()
