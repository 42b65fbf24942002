"""Which exceptions are the scenario's: those of its own source and of what CPython does with its values, no others."""

import sys

import pytest
from explore.found import ends, explored, kinds, program, values, verdict

from scenario.engines.explore import explore
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.locks import LockModel
from scenario.engines.threads import run
from scenario.judge import judge
from scenario.program import ops
from scenario.report.words.failures import message
from scenario.report.words.moves import in_words
from scenario.results.outcome import Outcome
from scenario.results.undecided import NotFollowed
from scenario.settings import ExploreOptions

HEAD = """
vars: {x: 0, v: {expr: "%s"}}
primitives: {m: Lock, r: RLock, s: Semaphore, none: {Semaphore: 0}, e: Event, c: Condition, gate: {Barrier: 2}, one: {Queue: 1}, q: Queue, simple: SimpleQueue, heap: PriorityQueue, arr: {array: 2, of: Lock}}
threads:
  A: {steps: [%s]}
expect: {errors: {A: {possible: BaseException}}}
"""


def _broken(*_: object) -> object:
    raise ZeroDivisionError("a fault of ours")


def test_a_fault_in_a_step_is_not_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LockModel.steps, ops.Acquire, _broken)
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        explored("primitives: {m: Lock}\nthreads: {A: {steps: [{acquire: m}]}}\n")


@pytest.mark.parametrize("broken", ["finish", "step_taken", "push"])
def test_a_fault_while_a_step_is_taken_is_not_the_threads(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = program("vars: {x: 0}\nroutines: {r: {steps: [x = 1]}}\nthreads: {A: {steps: [x = 2, {call: r}]}}\n")
    monkeypatch.setattr(Context, broken, _broken)
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        explore(made, judge=judge)


@pytest.mark.parametrize(
    ("steps", "value", "error"),
    [
        ("{acquire: m, timeout: v}", "'a'", "TypeError"),
        ("{acquire: m, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: r, timeout: v}", "float('inf')", "OverflowError"),
        ("{acquire: m, timeout: v}", "float('nan')", "ValueError"),
        ("{acquire: m, blocking: v}", "1.5", "TypeError" if sys.version_info < (3, 12) else None),
        ("{acquire: s, timeout: v}", "1e20", None),
        ("{acquire: s, timeout: v}", "'a'", None),
        ("{acquire: none, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: none, timeout: v}", "'a'", "TypeError"),
        ("{acquire: 'arr[v]'}", "None", "TypeError"),
        ("{acquire: 'arr[v]'}", "2", "IndexError"),
        ("{wait: e, timeout: v}", "1e20", "OverflowError"),
        ("{set: e}, {wait: e, timeout: v}", "1e20", None),
        ("{acquire: c}, {wait: c, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: c}, {wait: c, timeout: v}", "'a'", "TypeError"),
        ("{acquire: c}, {wait_for: c, until: x == 1, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: c}, {wait_for: c, until: x == 0, timeout: v}", "'a'", None),
        ("{acquire: c}, {notify: c, n: v}", "'a'", None),
        ("{wait: gate, timeout: v}", "1e20", "OverflowError"),
        ("{wait: gate, timeout: v}", "10 ** 400", "OverflowError"),
        ("{wait: gate, timeout: v}", "-(10 ** 400)", "OverflowError"),
        ("{wait: gate, timeout: v}", "'a'", "TypeError"),
        ("{acquire: none, timeout: v}", "10 ** 400", "OverflowError"),
        ("{acquire: none, timeout: v}", "-(10 ** 400)", "OverflowError"),
        ("{wait: e, timeout: v}", "[1]", "TypeError"),
        ("{get: q, timeout: v}", "10 ** 12", "OverflowError"),
        ("{put: one, item: 1}, {put: one, item: 1, timeout: v}", "10 ** 12", "OverflowError"),
        ("{repeat: v, do: [pass]}", "-(10 ** 400)", None),
        ("{put: q, item: 1, timeout: v}", "-1", None),
        ("{put: one, item: 1, timeout: v}", "-1", "ValueError"),
        ("{put: one, item: 1, timeout: v}", "1e20", None),
        ("{put: one, item: 1}, {put: one, item: 1, timeout: v}", "1e20", "OverflowError"),
        ("{get: q, timeout: v}", "1e20", "OverflowError"),
        ("{put: simple, item: 1}, {get: simple, timeout: v}", "1e20", "OverflowError"),
        ("{put: heap, item: v}, {put: heap, item: 1}", "'a'", "TypeError"),
        ("{sleep: v}", "1e20", "OverflowError"),
        ("{sleep: v}", "float('nan')", "ValueError"),
        ("{repeat: v, do: [break]}", "'a'", "TypeError"),
        ("{for: i, in: v, do: [break]}", "1", "TypeError"),
        ("{choose: k, from: 'v'}", "1", "TypeError"),
        ("'a, b = v'", "1", "TypeError"),
    ],
)
def test_both_engines_raise_what_python_raises(steps: str, value: str, error: str | None) -> None:
    made = program(HEAD % (value, steps))
    outcomes = []
    explore(made, ExploreOptions(keep_going=True), judge=lambda p, o: (outcomes.append(o), judge(p, o))[1])
    ended = {raised(o) for o in outcomes if o.end == "finished"}
    real = run(made, seed=1)
    assert ended == {raised(real)}
    assert raised(real)[0] == error


def raised(outcome: Outcome) -> tuple[str | None, str]:
    """What A ended with, and its words."""
    error = outcome.errors.get("A")
    return (error.name, error.message) if error else (None, "")


def test_a_wait_that_can_not_last_so_long_has_its_lock_back() -> None:
    text = HEAD % (
        "1e20",
        "{acquire: c}, {try: [{wait: c, timeout: v}], except: {OverflowError: [{release: c}, x = 1]}}",
    )
    assert values(text.replace("expect: {", "expect: {observe: [x], ")) == {1}


def test_a_message_that_raises_takes_the_place_of_the_failed_assert() -> None:
    text = "vars: {x: 0}\nthreads: {A: {steps: [{assert: x == 1, message: '{1 // x}'}, x = 1]}}\n"
    assert kinds(text) == ["error"]
    assert ends(text) == {0: "error"}


def test_another_exception_than_raises_expects_is_named() -> None:
    text = "vars: {x: 0}\nthreads: {A: {steps: [{raise: ValueError, message: 'no {x}', raises: KeyError}]}}\n"
    found = [message(f.failure) for f in explored(text, odds=False).findings if f.failure.kind == "raises"]
    assert found == ["KeyError was expected, and ValueError: no 0 was raised"]


def test_bytes_and_complex_numbers_are_values() -> None:
    text = "vars: {x: null, y: null}\nthreads: {A: {steps: [\"x = 'a'.encode()\", y = (-4) ** 0.5, 'y = y * y']}}\nexpect: ['x[0] == 97', abs(y + 4) < 1e-9]\n"
    assert verdict(text) == "holds"


def test_what_is_no_value_is_undecided_and_names_its_line() -> None:
    text = """
    vars: {x: 0}
    threads:
      A:
        steps:
          - "d = {'a': 1}"
          - k = d.keys()
          - x = 1
          - x = len(k)
    """
    found = explored(text, odds=False)
    assert found.undecided == (NotFollowed("kept value", "dict_keys", 7),)
    assert verdict(text) == "undecided"


def test_a_loop_over_a_view_goes_round() -> None:
    text = (
        "vars: {x: 0}\nthreads: {A: {steps: [\"d = {'a': 1, 'b': 2}\", {for: 'k, v', in: d.items(), do: [x += v]}]}}\n"
    )
    assert values(text) == {3}


def test_a_view_that_is_used_up_in_its_step_is_told_in_the_schedule() -> None:
    text = "vars: {d: {a: 1}}\nthreads: {A: {steps: [{assert: sum(d.values()) == 2}]}}\n"
    (found,) = explored(text, odds=False).findings
    assert [in_words(move) for move in found.schedule.moves] == [
        "d.values() -> [1], assert fails: `sum(d.values()) == 2` is false"
    ]
