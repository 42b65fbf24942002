"""`python:` callables: called, answered, found or refused; what they do stays in the process of their run."""

from pathlib import Path

import pytest
from cli.files import results, scenario
from threads.files import outcome

BANK = """\
import queue, sys, threading, time
print("imported")
balance = 100
jobs = queue.Queue()

class Money:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"Money({self.n})"

class Refused(Exception): pass

def withdraw(n, fee=0):
    global balance
    if balance < n + fee:
        raise Refused(f"only {balance}")
    balance -= n + fee
    return balance

def money(n): return Money(n)
def speak(): print("spoken"); sys.stdout.write("half "); return 1
def opaque(): return [threading.Lock(), (n for n in ())]
def forever(): threading.Event().wait()
def leave(): sys.exit(3)
def end(): import os; os._exit(9)
def cancel(future): time.sleep(0.6); future.cancel()
async def later(): return 1
"""


def own(target, steps="{call: f, into: r}", more=""):
    return f"scenario: own\ntimeout: 5\n{more}vars: {{r: null}}\npython: {{f: '{target}'}}\nthreads:\n  A:\n    steps:\n      - {steps}\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bank.py").write_text(BANK)

    def done(text, *options, allow="bank"):
        Path("x.yaml").write_text(text)
        return scenario("run", "x.yaml", "--allow-python", allow, "--output-format", "json", *options)

    return done


def one(done):
    (result,) = results(done)
    assert "fault" not in result, result
    return result


def test_arguments_go_in_and_the_result_comes_out(run):
    assert one(run(own("bank:withdraw", "{call: f, args: {n: 30, fee: 1}, into: r}")))["final"] == {"r": 69}


def test_a_module_beside_the_file_is_found_from_elsewhere(run, tmp_path, monkeypatch):
    Path("deep").mkdir()
    monkeypatch.chdir("deep")
    (tmp_path / "x.yaml").write_text(own("bank:money", "{call: f, args: [3], into: r}"))
    done = scenario("run", str(tmp_path / "x.yaml"), "--allow-python", "bank", "--output-format", "json")
    assert one(done)["final"] == {"r": "Money(3)"}


def test_a_module_in_the_current_directory_is_found(run):
    Path("files").mkdir()
    Path("files/x.yaml").write_text(own("bank:withdraw", "{call: f, args: [1], into: r}"))
    done = scenario("run", "files", "--allow-python", "bank", "--output-format", "json")
    assert one(done)["final"] == {"r": 99}


def test_a_process_that_an_earlier_run_left_waiting_elsewhere_is_not_taken(run, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    outcome("primitives: {pool: {ThreadPoolExecutor: 1}}\nthreads:\n  A: {steps: [pass]}\n")
    monkeypatch.chdir(tmp_path)
    assert one(run(own("bank:withdraw", "{call: f, args: [1], into: r}")))["final"] == {"r": 99}


def test_a_file_that_lies_there_does_not_take_the_place_of_an_installed_module(run):
    Path("json.py").write_text("raise RuntimeError('the wrong one')")
    text = own("json:dumps", "{call: f, args: [1], into: r}")
    assert one(run(text, allow="json"))["final"] == {"r": "1"}


def test_each_run_has_modules_of_its_own(run):
    result = one(run(own("bank:withdraw", "{call: f, args: [60], into: r}"), "--times", "3"))
    assert [(row["values"], row["runs"]) for row in result["outcomes"]] == [({"r": 40}, 3)]


def test_an_exception_has_the_place_in_the_file_and_the_users_traceback(run):
    done = (
        scenario("run", "x.yaml", "--allow-python", "bank")
        if run(own("bank:withdraw", "{call: f, args: [101]}"))
        else None
    )
    assert "error: A ended with Refused: only 100" in done.stdout
    assert " --> x.yaml:8:9" in done.stdout
    assert '/bank.py", line 15, in withdraw\n    raise Refused(f"only {balance}")' in done.stdout
    assert "engines" not in done.stdout


def test_what_it_prints_is_output_in_its_turn(run):
    steps = "{print: before}\n      - {call: f}\n      - {print: after}"
    assert one(run(own("bank:speak", steps)))["output"] == ["imported", "before", "spoken", "after", "half "]


def test_a_lot_that_it_prints_does_not_block_it(run):
    Path("loud.py").write_text("def shout():\n    print('x' * 300_000)\n")
    result = one(run(own("loud:shout"), allow="loud"))
    assert (result["verdict"], len(result["output"][0])) == ("holds", 300_000)


def test_values_that_only_its_process_knows_are_told_as_text_without_addresses(run):
    assert one(run(own("bank:opaque")))["final"] == {
        "r": ["<unlocked _thread.lock object>", "<generator object opaque.<locals>.<genexpr>>"]
    }


def test_sys_exit_ends_its_thread_alone(run):
    result = one(run(own("bank:leave", "{call: f}") + "  B:\n    steps:\n      - r = 1\n"))
    assert (result["verdict"], result["final"]) == ("holds", {"r": 1})


def test_code_that_ends_the_process_fails_its_file_and_not_the_command(run):
    Path("y.yaml").write_text("scenario: y\nvars: {x: 0}\nthreads:\n  A: {steps: [x = 1]}\n")
    done = run(own("bank:end", "{call: f}"), "y.yaml")
    first, second = results(done)
    assert (done.exit_code, first["verdict"], second["verdict"]) == (1, "fails", "holds")
    assert [(f["kind"], f["message"]) for f in first["failures"]] == [
        ("error", "the scenario's own code ended the process of the run: exit status 9")
    ]


def test_a_call_that_never_returns_is_named_where_it_stands(run):
    (failure,) = one(run(own("bank:forever").replace("timeout: 5", "timeout: 0.5")))["failures"]
    assert failure["message"] == "not over after 0.5 s; A waits for own code to return (bank.py:22 in forever)"


def test_a_thread_at_an_object_of_the_users_own_is_no_deadlock(run):
    other = "  B:\n    steps:\n      - {sleep: 0.6}\n      - {call: g, args: [7]}\n"
    text = own("bank:jobs.get").replace("python: {", "python: {g: 'bank:jobs.put', ") + other
    assert one(run(text))["final"] == {"r": 7}


def test_a_future_that_the_users_own_code_cancels_is_no_deadlock(run):
    text = """\
scenario: cancelled
python: {cancel: "bank:cancel"}
primitives: {pool: {ThreadPoolExecutor: 1}, go: Event}
routines:
  hold: {steps: [{wait: go}]}
main:
  - {submit: hold, to: pool}
  - {submit: hold, to: pool, into: f}
  - {start: A, }
  - {result: f, raises: CancelledError}
  - {set: go}
threads:
  A: {steps: [{await: g is not None}, {call: cancel, args: [g]}]}
vars: {g: null}
""".replace("  - {start: A, }\n", "  - g = f\n  - {start: A}\n")
    assert one(run(text))["verdict"] == "holds"


@pytest.mark.parametrize(
    ("target", "module", "message"),
    [
        ("nowhere:f", "", "there is no module `nowhere`"),
        ("bank:nope", "", "`bank` has no `nope` (it is "),
        ("bank:balance", "", "`bank:balance` is no callable, but of type int"),
        ("bank:later", "", "`bank:later` is a coroutine function: "),
        ("bank:sys.exit", "", "`bank:sys` is the module `sys`, which is not the one that was allowed"),
        ("mine:f", "x = 1\nx / 0", "module `mine` can not be imported: ZeroDivisionError: division by zero (mine.py:2)"),
        ("mine:f", "import sys\nsys.exit(4)", "module `mine` can not be imported: SystemExit: 4 (mine.py:2)"),
        ("mine:f", "import nowhere", "module `mine` can not be imported: ModuleNotFoundError: No module named 'nowhere' (mine.py:1)"),
        ("mine:f", "def f(:", "module `mine` can not be imported: SyntaxError: invalid syntax (mine.py, line 1)"),
    ],
)  # fmt: skip
def test_what_can_not_be_called_makes_the_file_invalid_before_anything_runs(run, target, module, message):
    Path("mine.py").write_text(module)
    name = target.partition(":")[0]
    done = run(own(target, "{print: ran}\n      - {call: f}"), allow=name)
    (failure,) = one(done)["failures"]
    assert (done.exit_code, failure["kind"], failure["line"], failure["column"]) == (2, "SC352", 4, 13)
    assert failure["message"].startswith(message)
    assert "ran" not in one(done).get("output", [])


def test_a_module_that_was_not_allowed_is_not_imported(run):
    done = run(own("bank:money"), allow="other")
    assert (done.exit_code, one(done)["failures"][0]["kind"]) == (2, "SC351")
    assert "output" not in one(done)
