"""However the command is ended, it leaves no process behind, and says nothing that only Python's own would."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from scenario.files.faults import described

SCENARIO = str(Path(sys.executable).parent / "scenario")
MARK = "SCENARIO_LEFT_BEHIND"
LONG = {
    "threads": "scenario: a\nthreads: {A: {steps: [{sleep: 60}]}}\n",
    "joined": "scenario: b\nthreads: {A: {steps: [{sleep: 60}]}}\nmain: [{start: all}, {join: A}]\n",
    "pool": (
        "scenario: c\nprimitives: {p: {ThreadPoolExecutor: 2}}\nroutines: {f: {params: [n], steps: [{sleep: 60}]}}\n"
        "main: [{map: f, to: p, over: [1, 2], into: r}]\n"
    ),
    "processes": (
        "scenario: d\nprimitives: {p: {ProcessPoolExecutor: 3}}\nroutines: {f: {params: [n], steps: [{sleep: 60}]}}\n"
        "main: [{map: f, to: p, over: [1, 2, 3], into: r}]\n"
    ),
    "own": (
        "scenario: e\npython: {f: 'mine:f'}\nthreads: {A: {steps: [{call: f}]}}\n"
    ),
    "elsewhere": (
        "scenario: f\npython: {g: 'mine:g'}\nthreads: {A: {steps: [{call: g}]}}\n"
    ),
    "imported": (
        "scenario: g\npython: {f: 'long:f'}\nthreads: {A: {steps: [{call: f}]}}\n"
    ),
}  # fmt: skip
MINE = """\
import subprocess, sys, time

def f():
    subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])

def g():
    if sys.flags.isolated:
        time.sleep(60)
"""
IMPORTED = """\
import sys, time

if "served" in " ".join(sys.orig_argv):
    open("begun", "w").close()
    time.sleep(60)

def f(): pass
"""
"""A module that takes its time where it is imported to be explored."""
DEAF = """\
import time

open("begun", "w").close()
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells who is there")


def marked(mark):
    """The processes that have inherited the mark."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and mark.encode() in (folder / "environ").read_bytes():
                found.append((int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ")[:100]))
        except OSError:
            continue
    return found


@pytest.fixture
def started(tmp_path):
    """A command that goes on, with all its processes there; they are ended afterwards."""
    mark = f"{MARK}={uuid.uuid4()}"
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "long.py").write_text(IMPORTED)
    for name, text in LONG.items():
        (tmp_path / f"{name}.yaml").write_text(text)

    def start(options, processes, *, wait=20.0):
        environment = (
            dict(os.environ) | dict([mark.split("=")]) | {"SCENARIO_ALLOW_PYTHON": "mine long", "PYTHONPATH": "."}
        )
        process = subprocess.Popen(
            [SCENARIO, *options], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        end = time.monotonic() + wait
        while len(marked(mark)) < processes and time.monotonic() < end:
            time.sleep(0.02)
        return process, mark

    yield start
    for pid, _ in marked(mark):
        os.kill(pid, signal.SIGKILL)


def gone(mark, seconds=10):
    end = time.monotonic() + seconds
    while (left := marked(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


WAYS = [
    (["run", "pool.yaml"], 2),
    (["run", "joined.yaml"], 2),
    (["run", "processes.yaml"], 6),  # the command, its child, three workers, the tracker of their resources
    (["run", "own.yaml"], 3),
    (["run", "--stress", "threads.yaml"], 3),
    (["run", "-j", "2", "threads.yaml", "joined.yaml"], 4),
    (["run", "-j", "2", "--times", "50", "threads.yaml"], 3),
    (["run", "-j", "3", "--stress", "own.yaml", "processes.yaml", "pool.yaml"], 13),
    (["compare", "--times", "1", "--runtime", "threading", "--python", sys.executable, "elsewhere.yaml"], 3),
]


SIGNALS = [
    *((way, signal.SIGTERM) for way in WAYS),
    *((way, number) for way in (WAYS[2], WAYS[-2]) for number in (signal.SIGHUP, signal.SIGKILL, signal.SIGINT)),
]


@pytest.mark.parametrize(("way", "number"), SIGNALS, ids=str)
def test_no_process_is_left(started, way, number):
    options, processes = way
    process, mark = started(options, processes)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert gone(mark) == []
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in errors


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.1, 0.2, 0.4])
def test_a_command_that_is_ended_while_its_processes_come_to_be_leaves_none(started, moment):
    process, mark = started(["run", "-j", "3", "own.yaml", "processes.yaml", "pool.yaml"], 2)
    time.sleep(moment)
    process.terminate()
    process.communicate(timeout=20)
    assert gone(mark) == []


@pytest.mark.parametrize("command", ["explore", "replay", "compare"])
def test_control_c_ends_what_is_explored_as_interrupted(started, tmp_path, command):
    """Also where the process of the user's own code is not yet so far that it would answer."""
    process, _ = started([command, "imported.yaml"], 2)
    end = time.monotonic() + 20
    while not (tmp_path / "begun").exists() and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    said = "scenario: interrupted; so far: 0 compared" if command == "compare" else ""
    assert (process.returncode, errors.strip()) == (130, said)


def test_control_c_is_no_timeout_of_a_run_that_does_not_hear_of_it(tmp_path):
    (tmp_path / "a.yaml").write_text(LONG["imported"])
    (tmp_path / "long.py").write_text(DEAF)
    process = subprocess.Popen(
        [SCENARIO, "run", "--allow-python", "long", "a.yaml"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 20
    while not (tmp_path / "begun").exists() and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted; so far: 1 undecided" in output


def test_control_c_while_all_is_imported_shows_no_traceback(tmp_path):
    """From our first line on; before, it is Python that starts."""
    (tmp_path / "a.yaml").write_text(LONG["threads"])
    code = (
        "import sys; sys.argv = ['scenario', 'run', 'a.yaml']\nfrom scenario.__main__ import main\n"
        "print('here', flush=True); main()"
    )
    for number in range(20):
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        process.stdout.readline()
        time.sleep(number * 0.012)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode in (130, -signal.SIGINT), number
        assert errors.strip() == "", number


LOST = {
    "a finalizer": "class Late:\n    def __del__(self): signal.raise_signal(signal.SIGINT)\n",
    "a callback": "class Late:\n    def __init__(self): weakref.finalize(self, signal.raise_signal, signal.SIGINT)\n",
}
_LOSING = """\
import signal, sys, weakref
from scenario import __main__ as command, search_path
sys.argv = ["scenario", "run", "a.yaml"]
{}
search_path.secure = lambda: Late() and None
command.main()
"""


@pytest.mark.parametrize("where", LOST)
def test_control_c_is_not_lost_where_python_ignores_exceptions(tmp_path, where):
    """As it does in what each import calls at its end."""
    (tmp_path / "a.yaml").write_text(LONG["threads"].replace("60", "1"))
    done = subprocess.run(
        [sys.executable, "-c", _LOSING.format(LOST[where])], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip(), "PASS" in done.stdout) == (130, "", False)


def test_control_c_is_none_of_our_faults_where_python_makes_another_exception_of_it():
    """Of what `__set_name__` raises, and so of a Ctrl-C there, Python 3.11 makes a RuntimeError."""
    error = RuntimeError("Error calling __set_name__")
    error.__cause__ = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        described(error)


def test_the_command_begins_with_no_import_but_of_what_python_has():
    code = (
        "import _signal, sys; before = {*sys.modules, *sys.builtin_module_names}; import scenario.__main__\n"
        "print(sorted(set(sys.modules) - before), _signal.getsignal(_signal.SIGINT) is _signal.SIG_DFL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['scenario', 'scenario.__main__', 'scenario.ctrl_c'] True\n"


@pytest.mark.parametrize("runtime", ["threading", "asyncio", "multiprocessing"])
def test_who_ignores_control_c_goes_on_to_ignore_it(tmp_path, runtime):
    """As what a shell starts in the background does."""
    (tmp_path / "a.yaml").write_text("scenario: a\nthreads: {A: {steps: [{print: begun}, {sleep: 1}]}}\n")
    process = subprocess.Popen(
        ["/bin/sh", "-c", f"trap '' INT; exec {SCENARIO} run --runtime {runtime} a.yaml"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert any("begun" in line for line in iter(process.stdout.readline, ""))
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "PASS a" in output) == (0, True)
