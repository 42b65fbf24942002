"""Files with `python:`, explored: the code that they call is looked into, and `expect` says of it what it says of steps."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from cli.files import results, scenario
from own_code.modules import importable

from scenario.compile import compile_scenario
from scenario.engines.code import FileRequest, explore_file
from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

pytestmark = pytest.mark.xdist_group("files of own code")
ROOT = Path(__file__).parents[2]
OPTIONS = ExploreOptions(max_seconds=60, keep_going=True)


def program(text, path="x.yaml", allowed=()):
    source = Source(path, text)
    return compile_scenario(load(source), source, {}, exploring=True, allowed_python=allowed)[0]


def own(made, allowed=(), options=OPTIONS):
    return explore_file(FileRequest(made, options, frozenset(allowed)), judge, lambda _: None)


def said(made, found):
    """The verdict and the table of outcomes."""
    assert not found.undecided, found.undecided
    return exploration_verdict(made, found).word, {repr((row.values, row.label, row.end)) for row in found.rows}


OPAQUE = """
scenario: x
python: {make: "tin:Can"}
vars: {can: null}
threads:
  A: {steps: [{call: make, into: can}]}
  B: {steps: [{sleep: 0}]}
main: [{start: all}, {join: all}]
expect: ["can == 1"]
"""


def test_an_object_is_shown_as_its_own_text_and_not_as_a_text_and_an_end_is_of_nothing(tmp_path):
    with importable(tmp_path, "tin", "class Can:\n    pass\n"):
        shown = scenario("explore", "-", "--allow-python", "tin", input=OPAQUE).stdout
    assert ("then can = <tin.Can object>" in shown, "'<tin" in shown) == (True, False)
    assert re.findall(r"\* ends.*", shown) == ["* ends", "* ends"]


# --- the same steps: executed on real objects under control, and explored as a model ------------------------

SAME = [
    "bugs/abba",
    "bugs/abba_ordered",
    "bugs/barrier_counted",
    "bugs/barrier_one_short",
    "bugs/check_then_act",
    "bugs/check_then_act_locked",
    "bugs/daemon_joined",
    "bugs/daemon_write_lost",
    "bugs/double_checked_locking",
    "bugs/event_pulse",
    "bugs/event_left_set",
    "bugs/join_with_lock_held",
    "bugs/lost_wakeup",
    "bugs/nested_monitor",
    "bugs/notify_all",
    "bugs/notify_instead_of_notify_all",
    "bugs/over_release_bounded",
    "bugs/oversold",
    "bugs/polling_with_condition",
    "bugs/queue_join_without_task_done",
    "bugs/self_deadlock",
    "bugs/self_deadlock_rlock",
    "bugs/semaphore_leak",
    "bugs/torn_read",
    "bugs/while_on_a_condition",
    "conditions/one_condition_for_all",
    "conditions/producer_consumer",
    "conditions/recursive_wait",
    "language/atomic_await",
    "language/cases",
    "language/choose",
    "language/control_flow",
    "language/exceptions",
    "language/main_thread",
    "language/routines",
    "bugs/asked_future",
    "bugs/forgotten_future",
    "bugs/pool_of_two",
    "bugs/pool_waits_for_itself",
    "litmus/iriw",
    "litmus/store_buffering",
    "lost_updates/append",
    "lost_updates/transfer",
    "lost_updates/unlocked",
    "primitives/condition",
    "primitives/lifo_queue",
    "primitives/local",
    "primitives/priority_queue",
    "primitives/rlock",
    "primitives/semaphore",
    "primitives/simple_queue",
    "primitives/timer",
    "pools/cancel",
    "pools/first_completed",
    "pools/result_timeout",
    "pools/shutdown_cancels",
    "puzzles/bounded_buffer",
    "queues/empty_check",
    "queues/full_and_empty",
    "reports/apscheduler_268_shutdown_under_lock",
    "reports/apscheduler_268_shutdown_under_lock.bad",
    "reports/cpython_109934_cancelled_and_waited_for",
    "reports/cpython_109934_cancelled_and_waited_for.bad",
    "reports/cpython_148280_pool_at_exit",
    "reports/cpython_148280_pool_at_exit.bad",
    "reports/crontask_53_pool_waits_for_itself",
    "reports/crontask_53_pool_waits_for_itself.bad",
    "reports/pebble_75_cancelled_future.bad",
    "reports/s3transfer_197_submit_at_exit",
    "reports/s3transfer_197_submit_at_exit.bad",
    "semaphores/rendezvous",
]


@pytest.mark.parametrize("name", SAME)
def test_steps_come_to_the_same_as_in_the_model(name):
    path = ROOT / "scenarios" / f"{name}.yaml"
    made = program(path.read_text(), str(path))
    reference = explore(made, OPTIONS, judge=judge)
    found = own(made)
    assert said(made, found) == said(made, reference)
    assert (found.sometimes, found.reached) == (reference.sometimes, reference.reached)


# --- the same program, with its code as steps and as Python -------------------------------------------------

CODE = """
import threading

n = 0
lock = threading.Lock()
a, b = threading.Lock(), threading.Lock()
cell = None
made = 0
cache = {}


def add():
    global n
    n += 1


def add_locked():
    with lock:
        add()


def a_then_b():
    with a, b:
        add()


def b_then_a():
    with b, a:
        add()


def lazily():
    global cell, made
    if cell is None:
        made += 1
        cell = made
    return cell


def lazily_locked():
    with lock:
        return lazily()


def once(key):
    if key in cache:
        return False
    cache[key] = True
    return True


def once_at_all(key):
    return cache.setdefault(key, threading.get_ident()) == threading.get_ident()


def total():
    return n


def broken():
    raise LookupError(n)
"""
MAIN = "main: [start: all, join: all, {call: total, into: seen}]\n"
TWINS = {
    "counter": (
        "vars: {seen: 0}\nthreads: {A: {count: 2, steps: [call: add]}}\n" + MAIN + "expect: [seen == 2]",
        ("vars: {seen: 0, n: 0}\nthreads: {A: {count: 2, steps: [n += 1]}}\n"
        "main: [start: all, join: all, seen = n]\nexpect: {final: [seen == 2], observe: [seen]}"),
        "fails",
    ),
    "locked counter": (
        "vars: {seen: 0}\nthreads: {A: {count: 2, steps: [call: add_locked]}}\n" + MAIN + "expect: [seen == 2]",
        ("vars: {seen: 0, n: 0}\nprimitives: {lock: Lock}\nthreads: {A: {count: 2, steps: [{with: lock, do: [n += 1]}]}}\n"
        "main: [start: all, join: all, seen = n]\nexpect: {final: [seen == 2], observe: [seen]}"),
        "holds",
    ),
    "a lock of the file": (
        "vars: {seen: 0}\nprimitives: {mine: Lock}\nthreads: {A: {count: 2, steps: [{with: mine, do: [call: add]}]}}\n"
        + MAIN + "expect: [seen == 2]",
        ("vars: {seen: 0, n: 0}\nprimitives: {mine: Lock}\nthreads: {A: {count: 2, steps: [{with: mine, do: [n += 1]}]}}\n"
        "main: [start: all, join: all, seen = n]\nexpect: {final: [seen == 2], observe: [seen]}"),
        "holds",
    ),
    "two locks": (
        "threads: {A: {steps: [call: a_then_b]}, B: {steps: [call: b_then_a]}}\nexpect: {observe: []}",
        ("vars: {n: 0}\nprimitives: {a: Lock, b: Lock}\nthreads:\n  A: {steps: [{with: [a, b], do: [n += 1]}]}\n"
        "  B: {steps: [{with: [b, a], do: [n += 1]}]}\nexpect: {observe: []}"),
        "fails",
    ),
    "lazy": (
        "vars: {got: [0, 0]}\nthreads: {A: {count: 2, steps: [{call: lazily, into: 'got[index]'}]}}\nexpect: ['got == [1, 1]']",
        ("vars: {got: [0, 0], cell: null, made: 0}\nthreads:\n  A:\n    count: 2\n    steps:\n"
        "      - {if: cell is None, then: [made += 1, cell = made]}\n      - got[index] = cell\n"
        "expect: {final: ['got == [1, 1]'], observe: [got]}"),
        "fails",
    ),
    "lazy, locked": (
        "vars: {got: [0, 0]}\nthreads: {A: {count: 2, steps: [{call: lazily_locked, into: 'got[index]'}]}}\nexpect: ['got == [1, 1]']",
        ("vars: {got: [0, 0], cell: null, made: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    count: 2\n    steps:\n"
        "      - {with: lock, do: [{if: cell is None, then: [made += 1, cell = made]}, own = cell]}\n      - got[index] = own\n"
        "expect: {final: ['got == [1, 1]'], observe: [got]}"),
        "holds",
    ),
    "check, then act": (
        ("vars: {won: []}\nthreads: {A: {count: 2, steps: [{call: once, args: [1], into: mine}, {if: mine, then: [won.append(1)]}]}}\n"
        "expect: [len(won) == 1]"),
        ("vars: {won: [], cache: {}}\nthreads:\n  A:\n    count: 2\n    steps:\n"
        "      - {if: 1 not in cache, then: ['cache[1] = True', won.append(1)]}\nexpect: {final: [len(won) == 1], observe: [won]}"),
        "fails",
    ),
    "check and act": (
        ("vars: {won: []}\nthreads: {A: {count: 2, steps: [{call: once_at_all, args: [1], into: mine}, {if: mine, then: [won.append(1)]}]}}\n"
        "expect: [len(won) == 1]"),
        ("vars: {won: [], cache: {}}\nthreads:\n  A:\n    count: 2\n    steps:\n"
        "      - mine = cache.setdefault(1, name) == name\n      - {if: mine, then: [won.append(1)]}\n"
        "expect: {final: [len(won) == 1], observe: [won]}"),
        "holds",
    ),
    "an exception": (
        "threads: {A: {steps: [call: add]}, B: {steps: [call: broken]}}\nexpect: {errors: {B: LookupError}, observe: []}",
        ("vars: {n: 0}\nthreads: {A: {steps: [n += 1]}, B: {steps: [{raise: LookupError, message: '{n}'}]}}\n"
        "expect: {errors: {B: LookupError}, observe: []}"),
        "holds",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    with importable(tmp_path_factory.mktemp("code"), "twins", CODE) as module:
        yield module


NAMES = re.findall(r"^def (\w+)", CODE, re.MULTILINE)


@pytest.mark.parametrize("name", TWINS)
def test_code_and_steps_have_the_same_outcomes(name, code):
    with_code, with_steps, verdict = TWINS[name]
    head = (
        "scenario: x\npython: {" + ", ".join(f"{each}: '{code}:{each}'" for each in NAMES if each in with_code) + "}\n"
    )
    mine, model = program(head + with_code, allowed=[code]), program(f"scenario: x\n{with_steps}")
    found = said(mine, own(mine, [code]))
    assert found == said(model, explore(model, OPTIONS, judge=judge))
    assert found[0] == verdict


def test_without_reduction_there_are_as_many_interleavings_as_there_are(code):
    """Two increments, each a read and a write: 4! / (2! 2!)."""
    text = f"scenario: x\npython: {{add: '{code}:add'}}\nthreads: {{A: {{count: 2, steps: [call: add]}}}}\n"
    made = program(text, allowed=[code])
    found = own(made, [code], ExploreOptions(reduce=False))
    assert (found.code.kind, found.code.count) == ("interleavings", 6)


# --- the command line ---------------------------------------------------------------------------------------

BANK = """
import threading

class Account:
    def __init__(self):
        self.balance, self.lock = 0, threading.Lock()

account = Account()

def deposit(n):
    account.balance += n

def safely(n):
    with account.lock:
        account.balance += n

def balance():
    return account.balance

def leave():
    import os
    os._exit(3)

def forever():
    while True:
        pass

amounts = []
clear = amounts.clear

def record(n):
    amounts.append(n)

def record_one():
    record(1)

def recorded():
    return sum(amounts)

def prints(text):
    print("said", text)
"""
FILE = """\
scenario: bank
python: {{f: 'bank:{f}', balance: 'bank:balance'}}
vars: {{seen: 0}}
threads:
  A:
    count: 2
    steps:
      - {{call: f, args: [10]}}
main:
  - start: all
  - join: all
  - {{call: balance, into: seen}}
expect:
  - seen == 20
"""


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bank.py").write_text(BANK)
    Path("x.yaml").write_text(FILE.format(f="deposit"))
    return lambda *args: scenario(*args, "--allow-python", "bank", "--output-format", "json")


def test_a_lost_update_of_own_code_fails_with_a_schedule_that_replays(bank):
    done = bank("explore", "x.yaml")
    assert done.exit_code == 1
    (result,) = results(done)
    assert result["failures"][0]["kind"] == "final"
    schedule = result["failures"][0]["schedule"]
    assert re.fullmatch(r"2:\w{16}:.*A\[0\]@bank\.py:11:5\.2,A\[1\].*", schedule)
    again = bank("replay", "x.yaml", "--schedule", schedule)
    assert again.exit_code == 1
    assert results(again)[0]["failures"][0]["message"] == result["failures"][0]["message"]


def test_what_was_found_is_kept_and_replayed(bank):
    bank("explore", "x.yaml")
    assert bank("replay", "x.yaml").exit_code == 1


def test_the_right_code_holds(bank):
    Path("x.yaml").write_text(FILE.format(f="safely"))
    done = bank("explore", "x.yaml")
    assert done.exit_code == 0
    assert results(done)[0]["search"]["exhausted"] is True


@pytest.mark.parametrize(
    ("f", "said"), [("deposit", "all schedules with at most 0 preemptions"), ("safely", "all 2 distinct interleavings")]
)
def test_json_says_in_a_sentence_what_was_covered_and_has_no_states(bank, f, said):
    Path("x.yaml").write_text(FILE.format(f=f))
    search = results(bank("explore", "x.yaml"))[0]["search"]
    assert search["covered"].startswith(said)
    assert search["executions"] > 1
    assert not {"states", "steps"} & set(search)


CALLED_BACK = """\
scenario: called back
python: {record: 'bank:record', deposit: 'bank:record_one', clear: 'bank:clear', recorded: 'bank:recorded'}
vars: {seen: null}
primitives: {gate: {Barrier: {parties: 1, action: %s}}, reply: Future}
threads:
  A: {steps: [%s, {call: recorded, into: seen}]}
expect: [%s]
"""


@pytest.mark.parametrize(
    ("action", "step", "claim"),
    [
        ("deposit", "{wait: gate}", "seen == 1"),
        ("clear", "{call: record, args: [5]}, {wait: gate}", "seen == 0"),
        ("deposit", "{add_done_callback: reply, run: deposit}, {set_result: reply, value: 1}", "seen == 1"),
        ("deposit", "{add_done_callback: reply, run: record, args: [5]}, {set_result: reply, value: 1}", "seen == 5"),
        ("deposit", "{set_result: reply, value: 1}, {add_done_callback: reply, run: record, args: [5]}", "seen == 5"),
    ],
)
@pytest.mark.parametrize("command", ["run", "explore"])
def test_objects_of_the_file_call_own_code(bank, command, action, step, claim):
    Path("x.yaml").write_text(CALLED_BACK % (action, step, claim))
    (result,) = results(bank(command, "x.yaml"))
    assert (result["verdict"], result["failures"]) == ("holds", [])


def test_an_action_in_c_is_seen_by_who_reads_the_same(bank):
    Path("x.yaml").write_text(
        CALLED_BACK.replace("expect: [%s]", "  B: {steps: [{wait: gate}]}\nexpect: {sometimes: [%s]}")
        % ("clear", "{call: record, args: [5]}", "seen == 0, seen == 5")
    )
    (result,) = results(bank("explore", "x.yaml"))
    assert (result["verdict"], result["failures"]) == ("holds", [])


def test_the_report_shows_lines_of_the_code(bank):
    text = scenario("explore", "x.yaml", "--allow-python", "bank").output
    assert "account.balance += n" in text
    assert "* reads account.balance: 0" in text
    assert "* writes account.balance: 10" in text
    assert "reproduce: scenario replay x.yaml --allow-python bank --schedule '2:" in text


def test_nothing_is_imported_without_leave(bank):
    Path("bank.py").write_text("raise SystemExit('imported')\n")
    done = scenario("explore", "x.yaml")
    assert done.exit_code == 2
    assert "SC351" in done.output


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{call: leave}", "ended its process (exit status 3)"),
        ("{call: forever}", "bank.py:2"),
    ],
)
def test_what_can_not_be_followed_is_undecided_with_words(bank, step, why):
    Path("x.yaml").write_text(
        "scenario: x\npython: {leave: 'bank:leave', forever: 'bank:forever'}\nthreads: {A: {steps: [" + step + "]}}\n"
    )
    done = bank("explore", "x.yaml", "--max-seconds", "3")
    assert done.exit_code == 3
    assert why in results(done)[0]["reasons"][0]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("  A: {steps: [{call: f, args: [1]}, {sleep: 0.1}, {print: '{now()}'}]}", "the virtual clock (line 4)"),
        ("  A: {steps: [call: f]}\n  stop: {interrupts: A, steps: [pass]}", "an interrupt (line 5)"),
        (
            "  A: {steps: [call: f]}\nexpect:\n  always: [A.is_alive() or True]",
            "an object or thread in `always` or `reachable` (line 6)",
        ),
    ],
)
def test_what_is_not_explored_beside_own_code_has_its_line(more, why, bank):
    Path("x.yaml").write_text(f"scenario: x\npython: {{f: 'bank:deposit'}}\nthreads:\n{more}\n")
    done = bank("explore", "x.yaml")
    assert results(done)[0]["reasons"][0].startswith(f"{why} is not explored together with your own code"), done.output


def test_what_the_code_prints_is_output_and_its_order_counts(bank):
    text = dedent("""\
        scenario: x
        python: {f: 'bank:prints'}
        threads: {A: {steps: [{call: f, args: [1]}]}, B: {steps: [print: two]}}
        expect:
          output: [said 1, two]
        """)
    Path("x.yaml").write_text(text)
    done = bank("explore", "x.yaml")
    assert done.exit_code == 1
    assert results(done)[0]["failures"][0]["kind"] == "output"
    Path("x.yaml").write_text(text.replace("output: [said 1, two]", "output: {unordered: [said 1, two]}"))
    assert bank("explore", "x.yaml").exit_code == 0


def test_the_budget_ends_it(bank):
    Path("x.yaml").write_text(
        FILE.format(f="deposit").replace("count: 2", "count: 6").replace("seen == 20", "seen > 0")
    )
    done = bank("explore", "x.yaml", "--max-seconds", "1")
    assert done.exit_code == 3
    assert results(done)[0]["reasons"] == ["the time was up"]
