"""The export to Python: what it writes, and that it does what the scenario does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

import scenario
from scenario.cli.main import cli
from scenario.commands.loading.compiling import with_params
from scenario.commands.loading.selected import load_all
from scenario.export.python.module import python
from scenario.export.python.names import identifier
from scenario.export.python.words import WORDS
from scenario.export.refusal import NotExportable
from scenario.files.options import Selection
from scenario.judge.printed import output_failures
from scenario.program.ops import Choose
from scenario.program.whole import every_node

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))
REFUSED = {
    ("scenarios/language/interrupts.yaml", "threading"),
    ("scenarios/reports/bpo_29988_with_and_ctrl_c.yaml", "threading"),
    ("scenarios/reports/bpo_29988_with_and_ctrl_c.bad.yaml", "threading"),
    ("scenarios/reports/cpython_76757_put_in_a_finalizer.yaml", "threading"),
    ("scenarios/reports/cpython_76757_put_in_a_finalizer.bad.yaml", "threading"),
    ("scenarios/language/atomic_await.yaml", "threading"),
    ("scenarios/mutual_exclusion/test_and_set.yaml", "threading"),
    ("scenarios/queues/get_without_waiting.yaml", "threading"),
    ("scenarios/primitives/future.yaml", "asyncio"),
}
RUNTIMES = re.compile(r"^runtimes: \[(.*)\]", re.MULTILINE)


def named(path):
    """The runtimes that a file names."""
    found = RUNTIMES.search((ROOT / path).read_text())
    return found[1].split(", ") if found else ["threading"]


SHOWN = [(path, runtime) for path in SHIPPED for runtime in named(path) if (path, runtime) not in REFUSED]
DRIVER = """
import json, multiprocessing, runpy, sys
multiprocessing.set_start_method("spawn")
names = runpy.run_path(sys.argv[1], run_name="__main__")
def plain(value):
    if hasattr(value, "_getvalue"):
        value = value._getvalue()
    if hasattr(value, "value"):
        return value.value
    return sorted(value) if isinstance(value, set) else value if isinstance(value, (list, dict)) else str(value)
print(json.dumps({name: names[name] for name in json.loads(sys.argv[2])}, default=plain), file=sys.stderr)
"""


def plain(value):
    """A set in order, anything else as its text."""
    return sorted(value) if isinstance(value, set) else str(value)


LOCK = '''"""lock-counter: Ten threads add to one counter; the lock makes every update count."""

import threading

workers = 10
rounds = 100000

counter = 0
lock = threading.Lock()


def inc():
    global counter
    for _ in range(rounds):
        with lock:
            counter += 1


def main():
    for thread in inc_threads:
        thread.start()
    for thread in inc_threads:
        thread.join()
    print(f"Final counter: {counter}")


inc_threads = [threading.Thread(target=inc, name=f"inc-{index}") for index in range(workers)]


if __name__ == "__main__":
    main()
    assert counter == workers * rounds
'''


def exported(tmp_path, text):
    (tmp_path / "given.yaml").write_text(text)
    return CliRunner().invoke(cli, ["export", "--to", "python", str(tmp_path / "given.yaml")])


def compiled(path, runtime="threading"):
    """The first case of a file, its program and its text in Python."""
    selection = Selection((str(path),), runtimes=(runtime,))
    (loaded,) = load_all(selection)
    program = loaded.programs[0]
    return program, python(with_params(loaded, program, selection), loaded.about.description)


def done(tmp_path, source, names, seconds):
    """(exit status, lines, variables, what it said on stderr)."""
    (tmp_path / "program.py").write_text(source)
    command = [sys.executable, "-W", "ignore", "-c", DRIVER, "program.py", json.dumps(names)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=tmp_path, check=False)
    told = ended.stderr.splitlines()
    values = json.loads(told[-1]) if ended.returncode == 0 else {}
    return ended.returncode, ended.stdout.splitlines(), values, ended.stderr


def spelled(name, runtime):
    return identifier(name, WORDS[runtime])


def is_for_an_explorer(claims):
    """Whether a run may go either way: it may fail, or stand still."""
    return claims.fails is not None or claims.deadlock.mode != "never" or claims.livelock != "never"


@pytest.mark.parametrize(("path", "runtime"), SHOWN)
def test_it_does_what_the_scenario_does(path, runtime, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    program, source = compiled(path, runtime)
    if program.requires_python:
        pytest.skip(f"it needs Python {program.requires_python}")
    if is_for_an_explorer(program.claims):
        compile(source, path, "exec")
        return
    status, lines, values, told = done(tmp_path, source, [spelled(var.name, runtime) for var in program.vars], 60)
    assert status == 0, told
    assert "AssertionError" not in told
    assert not list(output_failures(program.claims, tuple(lines)))
    runs = [scenario.load(path, runtimes=[runtime]).run(case=0)[0] for _ in range(3 if runtime == "threading" else 2)]
    assert all(run.holds for run in runs)
    if all(Counter(run.output) == Counter(runs[0].output) for run in runs):
        assert Counter(lines) == Counter(runs[0].output)
    if any(group.daemon for group in program.groups) or any(isinstance(node, Choose) for node in every_node(program)):
        return  # how far an abandoned thread came, and what was chosen, is another matter each time
    shown = json.loads(json.dumps(runs[0].final, default=plain))
    always = [name for name, value in runs[0].final.items() if all(run.final[name] == value for run in runs)]
    if any(
        values[spelled(name, runtime)] != shown[name] for name in always
    ):  # by chance, which exploring knows all about
        explored = scenario.load(path, runtimes=[runtime]).explore(case=0)[0]
        if explored.params != runs[0].params:
            return  # of another size
        possible = [json.loads(json.dumps(dict(row.values), default=plain)) for row in explored.rows]
        assert {name: values[spelled(name, runtime)] for name in shown} in possible


REFUSALS = {
    "an `atomic` that waits": ("- atomic: [{await: x == 1}, x = 2]", "`atomic` with more in it than variables", 4),
    "what others change": ("- {atomic: x += 1}\n      - x = 5", "changes what an `atomic` changes, and is none", 5),
    "what others see in parts": ("- atomic: [x += 1, x += 1]\n      - y = x", "looks at what an `atomic` changes", 5),
    "an `await` with a timeout": ("- {await: x == 0, timeout: 1}", "an `await` with a timeout", 4),
    "who is blocked": ("- await: A.blocked == 0", "`A.blocked`, which no thread can tell of another,", 4),
}


@pytest.mark.parametrize("named", REFUSALS)
def test_what_python_has_no_word_for_is_refused_at_its_place(named, tmp_path):
    step, said, line = REFUSALS[named]
    told = exported(
        tmp_path,
        f"scenario: s\nvars: {{x: 0, y: 0}}\nthreads:\n  A: {{steps: [pass]}}\n  B:\n    steps:\n      {step}\n",
    )
    assert told.exit_code == 2
    assert said in told.output
    assert f"given.yaml:{line + 3}:" in told.output


@pytest.mark.parametrize(("path", "runtime"), sorted(REFUSED))
def test_what_is_shipped_and_refused(path, runtime, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(NotExportable):
        compiled(path, runtime)


ASKED_BY_OTHERS = """scenario: s
runtimes: [asyncio]
vars: {got: []}
primitives: {q: Queue, lock: Lock, reply: Future}
routines:
  note: {params: [v], steps: [got.append(v)]}
threads:
  slow:
    steps:
      - with: lock
        do: [{sleep: 30}]
  quick:
    count: 2
    name: "Q-{index + 1}"
    steps:
      - {sleep: 0.01}
      - {acquire: lock, timeout: 0.01, into: had}
      - {acquire: lock, blocking: false, into: has}
      - {get: q, timeout: 0.01, raises: Empty}
      - {get: q, block: false, raises: Empty}
      - {timeout: 0.01, do: [{result: reply}], raises: TimeoutError}
      - got.append([name, had, has, index])
  watch: {daemon: true, steps: [{sleep: 60}]}
main:
  - {start: all}
  - {join: quick}
  - {add_done_callback: reply, run: note, args: ["'never'"]}
  - {cancel: slow, into: asked}
  - {join: slow}
  - got.append([asked, slow.is_alive(), watch.is_alive(), name])
  - {set_result: reply, value: 1, raises: InvalidStateError}
expect:
  - got[3] == [True, False, True, 'MainThread']
"""


def test_tasks_time_out_are_cancelled_and_are_asked(tmp_path):
    told = exported(tmp_path, ASKED_BY_OTHERS)
    assert told.exit_code == 0, told.output
    status, _, values, said = done(tmp_path, told.output, ["got"], 20)
    assert status == 0, said
    assert scenario.load(str(tmp_path / "given.yaml")).run().holds
    assert sorted(values["got"][:2]) == [["Q-1", False, False, 0], ["Q-2", False, False, 1]]
    assert values["got"][2:] == ["never", [True, False, True, "MainThread"]]


MANAGED = """scenario: s
runtimes: [multiprocessing]
vars: {table: {}, rows: [1, 2], n: 0, part: 0.5, is_on: false, last: null}
primitives: {lock: Lock, ready: Event}
routines:
  up: {params: [by], steps: [{with: lock, do: [n += by]}]}
threads:
  worker:
    count: 2
    steps:
      - {wait: ready, timeout: 10, into: seen}
      - {call: up, args: {by: index + 1}}
      - "table[index] = [v + 0 for v in rows] + [len(rows), 2 in rows, rows == [1, 2]]"
      - {atomic: part += 0.25}
  late: {daemon: true, steps: [{sleep: 60}]}
main:
  - {start: all}
  - is_on = True
  - {set: ready}
  - {join: worker}
  - last = sum([k + 1 for k in table])
  - {kill: late}
  - {join: late}
  - last = late.is_alive()
expect:
  - n == 3
  - worker[0].seen and worker[1].seen
  - table[0] == table[1] == [1, 2, 2, True, True]
"""


def test_processes_share_numbers_and_what_a_manager_has(tmp_path):
    told = exported(tmp_path, MANAGED)
    assert told.exit_code == 0, told.output
    assert scenario.load(str(tmp_path / "given.yaml")).run().holds
    assert 'n = multiprocessing.Value("q", 0)' in told.output
    assert 'part = multiprocessing.Value("d", 0.5)' in told.output
    assert "is_on = multiprocessing.Value(ctypes.c_bool, False)" in told.output
    status, _, values, said = done(tmp_path, told.output, ["n", "part", "is_on", "last"], 60)
    assert (status, values) == (0, {"n": 3, "part": 1.0, "is_on": True, "last": False}), said


def test_a_runtime_is_chosen_of_those_that_a_file_has(tmp_path):
    (tmp_path / "given.yaml").write_text(
        "scenario: s\nruntimes: [threading, asyncio]\nthreads: {A: {steps: [{sleep: 0}]}}\n"
    )
    told = CliRunner().invoke(cli, ["export", "--to", "python", "--runtime", "asyncio", str(tmp_path / "given.yaml")])
    assert "    await asyncio.sleep(0)\n" in told.output
    assert "    time.sleep(0)\n" in exported(tmp_path, (tmp_path / "given.yaml").read_text()).output


def test_it_reads_as_a_person_would_write_it(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert compiled("scenarios/lock.yaml")[1] == LOCK


def test_threads_that_are_a_routine_call_it(tmp_path):
    told = exported(
        tmp_path,
        "scenario: s\nvars: {x: 0}\nroutines: {up: {params: [by], steps: [seen = x, x = seen + by]}}\n"
        "threads:\n  one: {run: up, args: {by: 1}}\n  each: {count: 2, run: up, args: {by: index}}\n"
        "  kept: {run: up, args: {by: 2}}\nexpect: [kept.seen >= 0]\n",
    ).output
    assert "def one():\n    up(1)\n" in told
    assert "def each(index):\n    up(index)\n" in told
    assert told.count("x = seen + by") == 1
    assert "    x = kept_seen + by\n" in told


def test_texts_are_quoted_as_people_quote_them(tmp_path):
    told = exported(
        tmp_path,
        "scenario: s\nvars: {d: {a: ['b', \"it's\"]}}\nthreads:\n  A: {steps: [\"d['c'] = 'x'\", {print: \"{d['a']}\"}]}\n",
    ).output
    assert 'd = {"a": ["b", "it\'s"]}' in told
    assert '    d["c"] = "x"\n' in told
    assert "    print(f\"{d['a']}\")\n" in told


def test_what_the_module_needs_for_itself_gives_way_to_no_name_of_the_file(tmp_path):
    told = exported(
        tmp_path,
        "scenario: s\nvars: {threading: 1, print: 2, time: 3}\nthreads:\n  A: {steps: [threading = 4, {sleep: 0}, {print: '{threading} {time}'}]}\n"
        "  thread-B: {count: 2, steps: [{with: lock, do: [print = print + 1]}]}\nprimitives: {lock: Lock}\nexpect: [print == 4]\n",
    )
    assert told.exit_code == 0, told.output
    status, lines, values, said = done(tmp_path, told.output, ["threading_", "print_"], 20)
    assert (status, lines, values) == (0, ["4 3"], {"threading_": 4, "print_": 4}), said


def test_what_a_program_carries_stands_before_what_may_be_made_of_it():
    _, text = compiled(ROOT / "scenarios/runtimes/computing.yaml")
    assert text.index("def compute(seconds):") < text.index("lock = threading.Lock()")


def test_a_container_that_is_changed_later_is_given_as_a_copy(tmp_path):
    told = exported(
        tmp_path,
        "scenario: s\nvars: {kept: []}\nprimitives: {q: Queue}\n"
        "threads:\n  A: {steps: ['mine = [1]', {put: q, item: mine}, mine.append(2), {get: q, into: kept}]}\n",
    )
    status, _, values, said = done(tmp_path, told.output, ["kept"], 20)
    assert (status, values) == (0, {"kept": [1]}), said


def test_texts_with_quotes_and_braces_are_printed_as_they_are(tmp_path):
    told = exported(
        tmp_path,
        'scenario: s\nthreads:\n  A:\n    steps:\n      - print: "it\'s \\"{1 + 1}\\" {{x}} {\'a\\"b\'!r:>8} {{}}"\n',
    )
    status, lines, _, said = done(tmp_path, told.output, [], 20)
    assert (status, lines) == (0, ["it's \"2\" {x}    'a\"b' {}"]), said


CALLED_BACK = """scenario: s
runtimes: [asyncio]
primitives: {q: Queue, f: Future}
routines:
  tell: {params: [v], steps: [{put: q, item: v, block: false}]}
threads:
  a: {steps: [{add_done_callback: f, run: tell, args: [1]}, {get: q, into: got}]}
  b: {steps: [{set_result: f, value: 3}]}
expect: [a.got == 1]
"""


def test_a_callback_gives_what_need_not_wait(tmp_path):
    told = exported(tmp_path, CALLED_BACK)
    assert "    q.put_nowait(v)\n" in told.output
    assert scenario.load(str(tmp_path / "given.yaml")).explore().holds
    assert done(tmp_path, told.output, [], 20)[0] == 0
