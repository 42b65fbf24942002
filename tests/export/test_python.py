"""The export to Python: what it writes, and that it does what the scenario does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

import scenario
from scenario.cli.main import cli
from scenario.commands.compiling import with_params
from scenario.commands.loading import load_all
from scenario.export.python.module import python
from scenario.export.python.names import identifier
from scenario.export.refusal import NotExportable
from scenario.files.options import Selection
from scenario.judge.printed import output_failures
from scenario.program.ops import Choose
from scenario.program.whole import every_node

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))
REFUSED = {
    "scenarios/language/interrupts.yaml",
    "scenarios/reports/bpo_29988_with_and_ctrl_c.yaml",
    "scenarios/reports/bpo_29988_with_and_ctrl_c.bad.yaml",
    "scenarios/reports/cpython_76757_put_in_a_finalizer.yaml",
    "scenarios/reports/cpython_76757_put_in_a_finalizer.bad.yaml",
    "scenarios/language/atomic_await.yaml",
    "scenarios/mutual_exclusion/test_and_set.yaml",
    "scenarios/queues/get_without_waiting.yaml",
}
DRIVER = """
import json, runpy, sys
names = runpy.run_path(sys.argv[1], run_name="__main__")
plain = lambda value: sorted(value) if isinstance(value, set) else str(value)
print(json.dumps({name: names[name] for name in json.loads(sys.argv[2])}, default=plain), file=sys.stderr)
"""
STANDS_STILL = object()


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


def compiled(path):
    """The first case of a file, its program and its text in Python."""
    (loaded,) = load_all(Selection((str(path),)))
    program = loaded.programs[0]
    return program, python(with_params(loaded, program, Selection((str(path),))), loaded.about.description)


def done(tmp_path, source, names, seconds):
    """(exit status, lines, variables, what it said on stderr), or that it stands still."""
    (tmp_path / "program.py").write_text(source)
    command = [sys.executable, "-W", "ignore", "-c", DRIVER, "program.py", json.dumps(names)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=tmp_path, check=False)
    except subprocess.TimeoutExpired:
        return STANDS_STILL
    told = ended.stderr.splitlines()
    values = json.loads(told[-1]) if ended.returncode == 0 else {}
    return ended.returncode, ended.stdout.splitlines(), values, ended.stderr


def is_for_an_explorer(claims):
    """Whether a run may go either way: it may fail, or stand still."""
    return claims.fails is not None or claims.deadlock.mode != "never" or claims.livelock != "never"


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if path not in REFUSED and not path.startswith("scenarios/runtimes/")]
)
def test_it_does_what_the_scenario_does(path, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    program, source = compiled(path)
    if program.requires_python:
        pytest.skip(f"it needs Python {program.requires_python}")
    bad = is_for_an_explorer(program.claims)
    result = done(tmp_path, source, [identifier(var.name) for var in program.vars], 2 if bad else 30)
    if bad:
        return
    assert result is not STANDS_STILL
    status, lines, values, told = result
    assert status == 0, told
    assert "AssertionError" not in told
    assert not list(output_failures(program.claims, tuple(lines)))
    runs = [scenario.load(path).run(case=0)[0] for _ in range(3)]
    assert all(run.holds for run in runs)
    if all(Counter(run.output) == Counter(runs[0].output) for run in runs):
        assert Counter(lines) == Counter(runs[0].output)
    if any(group.daemon for group in program.groups) or any(isinstance(node, Choose) for node in every_node(program)):
        return  # how far an abandoned thread came, and what was chosen, is another matter each time
    shown = json.loads(json.dumps(runs[0].final, default=plain))
    always = [name for name, value in runs[0].final.items() if all(run.final[name] == value for run in runs)]
    if any(values[identifier(name)] != shown[name] for name in always):  # by chance, which exploring knows all about
        explored = scenario.load(path).explore(case=0)[0]
        if explored.params != runs[0].params:
            return  # of another size
        possible = [json.loads(json.dumps(dict(row.values), default=plain)) for row in explored.rows]
        assert {name: values[identifier(name)] for name in shown} in possible


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


@pytest.mark.parametrize("path", sorted(REFUSED))
def test_what_is_shipped_and_refused(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(NotExportable):
        compiled(path)


def test_what_is_no_program_of_threads_is_refused(tmp_path):
    told = exported(tmp_path, "scenario: s\nruntimes: [asyncio]\nvars: {x: 0}\nthreads: {A: {steps: [x = 1]}}\n")
    assert (told.exit_code, "a scenario for asyncio can not be exported to Python" in told.output) == (2, True), (
        told.output
    )


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
