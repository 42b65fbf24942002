"""Whatever a file does: a search ends a second after its time at most, keeps to its memory, and Ctrl-C is answered at once.

Time is that of the processor: other work on the machine makes nothing later.
"""

import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from explore.found import program

from scenario.commands.exploring import explore as explore_files
from scenario.commands.loading import compiling
from scenario.commands.loading.selected import load_all
from scenario.engines.explore import explore
from scenario.files.options import Selection
from scenario.judge import judge
from scenario.report.reporter import Silent
from scenario.settings import ExploreOptions, Sampling

HEAD = "vars: {n: 0}\nthreads: {A: {count: 4, steps: "
MANY = ", ".join
HOSTILE = {
    "a wide choice": HEAD + "[{choose: i, from: 'range(900000)'}, n = i, {choose: j, from: 'range(900000)'}, n = j]}}",
    "a state that is large": HEAD + "['n = list(range(500000))', {while: True, do: ['n[index] += 1']}]}}",
    "an expression that is long": HEAD + "[{while: True, do: ['n = len(sorted([str(i) for i in range(300000)]))']}]}}",
    "numbers that are large": HEAD + "[{while: True, do: ['n = (n * n + index) % (10 ** 1400 + 7)']}]}}",
    "states without end": HEAD + "[{while: True, do: ['n += 1']}]}}",
    "a loop without steps": HEAD + "[k = 0, {while: True, do: [k += 1]}]}}",
    "a block without end": HEAD + "[{atomic: [{while: True, do: [n += 1]}]}]}}",
    "claims at the end": HEAD
    + "[{repeat: 4, do: [n += index]}]}}\nexpect: ["
    + MANY(f"'sum([i for i in range(900000)]) > {i}'" for i in range(30))
    + "]",
    "claims at the end that are false": HEAD
    + "[{repeat: 4, do: [n += index]}]}}\nexpect: ["
    + MANY(f"'len(str([n] * 300000)) > {10**9 + i}'" for i in range(30))
    + "]",
    "claims at each step": HEAD
    + "[{repeat: 4, do: [n += index]}]}}\nexpect: {always: ["
    + MANY(f"'len(str([n] * 300000)) > {i}'" for i in range(100))
    + "]}",
    "values that are observed": HEAD
    + "[{repeat: 4, do: [n += index]}]}}\nexpect: {observe: ['[n] * 200000'], outcomes: []}",
    "many objects": "primitives: {q: {array: 20000, of: Queue}}\n"
    + HEAD
    + "[{repeat: 100, do: [{put: 'q[index]', item: 1}, {get: 'q[0]'}]}]}}",
    "many threads": "vars: {n: 0}\nthreads: {A: {count: 20000, steps: [n += index]}}",
    "whom to wake": "primitives: {c: Condition}\nthreads:\n"
    "  A: {count: 30, steps: [{with: c, do: [{wait: c}]}]}\n"
    "  B: {steps: [{await: A.blocked == 30}, {with: c, do: [{notify: c, n: 15}]}]}\n",
    "what goes round for ever": HEAD + "[{while: True, do: ['n = (n + index) % 7', 'n = n * 2 % 7']}]}}",
    "steps for odds": HEAD + "[{repeat: 9, do: [n += 1]}]}}",
}
SECONDS = 0.4


@pytest.fixture
def processor(monkeypatch):
    """Clocks tell the time of the processor."""
    monkeypatch.setattr("time.monotonic", time.process_time)
    return time.process_time


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("how", ["usual", "odds", "sampled"])
def test_time_is_kept(what, how, processor):
    sampling = Sampling(10**9, 1) if how == "sampled" else None
    options = ExploreOptions(max_seconds=SECONDS, odds=how == "odds", sampling=sampling)
    made = program(HOSTILE[what])
    began = processor()
    found = explore(made, options, judge=judge)
    assert processor() - began < SECONDS + 1
    assert not found.exhausted


@pytest.mark.parametrize("what", HOSTILE)
def test_ctrl_c_is_answered_at_once(what):
    pressed, answered = [], []

    def press(*_):
        if not answered:
            pressed.append(time.process_time())
            raise KeyboardInterrupt

    made = program(HOSTILE[what])
    before = signal.signal(signal.SIGVTALRM, press)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        found = explore(made, judge=judge)
        answered.append(time.process_time())
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert not found.exhausted
    assert not pressed or (found.interrupted and answered[0] - pressed[0] < 0.5)


LONG_TO_COMPILE = {
    "many cases": "params: {a: 1}\nvars: {n: 0}\ncases: ["
    + MANY(f"{{a: {i}}}" for i in range(3000))
    + "]\nthreads: {A: {count: 100, steps: ["
    + MANY("n += a" for _ in range(30))
    + "]}}",
    "constants": "vars: {"
    + MANY(f"v{i}: {{expr: 'sum([i * {i} for i in range(900000)])'}}" for i in range(40))
    + "}\nthreads: {A: {steps: [v0 += 1]}}",
}


@pytest.mark.parametrize("what", LONG_TO_COMPILE)
def test_what_compiles_for_long_is_given_up_in_time(what, tmp_path, monkeypatch):
    monkeypatch.setenv("SCENARIO_CACHE_DIR", "")
    file = tmp_path / "long.yaml"
    file.write_text(f"scenario: long\n{LONG_TO_COMPILE[what]}\n")
    began = time.process_time()
    (loaded,) = load_all(Selection(paths=(str(file),), seconds=SECONDS), exploring=True)
    assert time.process_time() - began < SECONDS + 1
    assert (loaded.given_up, loaded.programs, loaded.diagnostics) == ("time", (), ())


def test_what_compiling_took_is_no_longer_there_for_the_search(tmp_path, monkeypatch):
    """The command line's budget is for both."""
    monkeypatch.setenv("SCENARIO_CACHE_DIR", "")
    file = tmp_path / "endless.yaml"
    file.write_text(f"scenario: endless\n{HOSTILE['states without end']}\n")
    selection = Selection(paths=(str(file),), seconds=5.0)
    (loaded,) = load_all(selection, exploring=True)
    late = replace(loaded, seconds=4.8)
    began = time.process_time()
    report = explore_files([late], selection, ExploreOptions(max_seconds=5.0), Silent())
    assert report.results[0].verdict.word == "undecided"
    assert time.process_time() - began < 3  # it searches all the time that it has


MEASURED = """
import sys
sys.path.insert(0, "tests")
from explore.found import program
from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.machine import resident
from scenario.settings import ExploreOptions

made = program(sys.stdin.read())
explore(program("threads: {A: {steps: [pass]}}"), judge=judge)
before = resident()
found = explore(made, ExploreOptions(max_memory=int(sys.argv[1]), max_seconds=60, odds=sys.argv[2] == "odds"), judge=judge)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak * 1024 - before, found.exhausted, found.undecided)
"""


RUNTIME = 16
"""MiB that wasmtime takes before the kernel has any state."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process holds")
@pytest.mark.parametrize("how", ["usual", "odds"])
def test_memory_is_kept(how):
    most = 30
    given = [sys.executable, "-c", MEASURED, str(most), how]
    done = subprocess.run(given, input=HOSTILE["steps for odds"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[0]) < (most * 1.1 + RUNTIME) * 2**20, done.stdout
    assert "OutOfMemory" in done.stdout


WIDE = """
vars: {n: 0, m: 0}
threads:
  w: {count: 6, steps: [{repeat: 6, do: [t = n, n = t + 1, m = m * 3 + index]}]}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process holds")
def test_what_a_smaller_search_took_does_not_end_the_plain_one():
    """Python keeps what it has freed: of 60 MiB the plain search had nothing left, after 21,922 states."""
    code = MEASURED.replace("found.exhausted, found.undecided", "found.states")
    done = subprocess.run(
        [sys.executable, "-c", code, "60", "usual"], input=WIDE, capture_output=True, text=True, check=True
    )
    assert int(done.stdout.split()[1]) > 80_000


def test_cases_that_do_not_fit_in_memory_are_undecided_with_a_word(tmp_path, monkeypatch):
    file = tmp_path / "cases.yaml"
    cases = ", ".join(f"{{n: {n}}}" for n in range(9))
    file.write_text(f"scenario: x\nparams: {{n: 1}}\ncases: [{cases}]\nthreads: {{A: {{steps: [x = n]}}}}\n")
    monkeypatch.setattr(compiling, "resident", lambda: 0)  # as if all that the process holds came with this file
    (loaded,) = load_all(Selection((str(file),), memory=1))
    assert (loaded.given_up, loaded.programs, loaded.diagnostics) == ("memory", (), ())
    (loaded,) = load_all(Selection((str(file),), memory=10_000))
    assert (loaded.given_up, len(loaded.programs)) == ("", 9)
