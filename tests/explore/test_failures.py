"""Exceptions and unwinding, `raises`, `atomic`, `always`, `errors`, `fails`, and how rows end."""

import pytest
from explore.found import count, ends, explored, kinds, program, values, verdict

from scenario.engines.threads import run


def test_each_with_left_while_unwinding_is_a_step() -> None:
    # acquire m, acquire n (the division belongs to it), release n, release m; beside the probe
    text = """
    vars: {probe: 0}
    primitives: {m: Lock, n: Lock}
    threads:
      A: {steps: [{with: [m, n], do: [y = 1 / 0]}]}
      B: {steps: [probe = 1]}
    expect: {errors: {A: ZeroDivisionError}, final: [not m.locked() and not n.locked()]}
    """
    assert count(text) == 5
    assert verdict(text) == "holds"


def test_finally_never_runs_in_a_thread_left_blocked() -> None:
    text = """
    vars: {x: 0}
    primitives: {e: Event}
    threads:
      A: {steps: [{try: [{wait: e}], finally: [x = 1]}]}
    expect: {deadlock: always}
    """
    assert ends(text) == {0: "deadlock"}


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        ("{try: [x = 1, {raise: ValueError}], except: {ValueError: [x += 10]}, finally: [x += 100]}", 111),
        ("{try: [x = 1], except: {ValueError: [x += 10]}, else: [x += 1000], finally: [x += 100]}", 1101),
        ("{try: [{try: [{raise: KeyError}], finally: [x = 1]}], except: {LookupError: [x += 10]}}", 11),
        ("{try: [{try: [{raise: KeyError}], except: {KeyError: [x = 1, raise]}}], except: {KeyError: [x += 10]}}", 11),
        ("{repeat: 3, do: [{try: [continue], finally: [x += 1]}]}", 3),
        ("{repeat: 3, do: [{try: [break], finally: [x += 1]}]}", 1),
        ("{while: true, do: [{try: [{if: x == 2, then: [break]}], finally: [x += 1]}]}", 3),
        ("{call: r, into: x}", 7),
        ("{try: [{call: f}], except: {ValueError: [x += 10]}}", 15),
        ("{for: i, in: '[1, 2, 3]', do: [{if: i == 2, then: [continue]}, x += i]}", 4),
        ("{repeat: 2, do: [{repeat: 3, do: [{if: x == 2, then: [break]}, x += 1]}]}", 2),
        ("{try: ['y = [1][5]'], except: {IndexError: [x = 1], Exception: [x = 2]}}", 1),
        ("{try: [{assert: false}], except: {AssertionError: [x = 1]}}, x += 5", 5),
    ],
)
def test_control_flow_is_pythons(steps: str, result: int) -> None:
    text = f"""
    vars: {{x: 0}}
    routines: {{r: {{steps: [{{try: [{{return: 7}}], finally: [pass]}}]}}, f: {{steps: [{{try: [{{raise: ValueError}}], finally: [x = 5]}}]}}}}
    threads:
      A: {{steps: [{steps}]}}
    """
    assert values(text) == {result}


def test_raises_expects_it_or_fails() -> None:
    text = "vars: {x: 0}\nprimitives: {m: Lock}\nthreads:\n  A: {steps: [%s, x = 1]}\n"
    assert ends(text % "{release: m, raises: RuntimeError}") == {1: None}
    assert ends(text % "{release: m, raises: Exception}") == {1: None}
    assert ends(text % "{acquire: m, raises: RuntimeError}") == {1: "raises"}
    # another exception fails it and propagates: the thread ends with it
    assert kinds(text % "{release: m, raises: KeyError}") == ["error", "raises"]
    assert ends(text % "{release: m, raises: KeyError}") == {0: "error"}


def test_a_failed_assert_stays_in_its_row() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [{assert: x == 0}]}
      B: {steps: [x = 1]}
    """
    found = explored(text)
    assert {row.end: row.interleavings for row in found.rows} == {None: 1, "assert": 1}


def test_nothing_runs_inside_an_atomic_block() -> None:
    text = """
    vars: {x: 0, y: 0}
    primitives: {e: Event}
    threads:
      A: {steps: [{atomic: [{wait: e}, x = 1, y = 1]}]}
      B: {steps: [{set: e}, {atomic: [{assert: x == y}]}]}
    """
    assert verdict(text) == "holds"


def test_queueing_is_a_step_before_an_atomic_block() -> None:
    # e w | q e g
    text = """
    vars: {x: 0}
    primitives: {e: Event}
    threads:
      A: {steps: [{atomic: [{wait: e}, x = 1]}]}
      B: {steps: [{set: e}]}
    """
    assert count(text) == 2


def test_an_exception_ends_an_atomic_block_and_its_effects_stay() -> None:
    text = """
    vars: {x: 0, probe: 0}
    threads:
      A: {steps: [{try: [{atomic: [x = 1, y = 1 / 0]}], except: {ZeroDivisionError: [x += 1]}}]}
      B: {steps: [probe = 1]}
    expect: [x == 2]
    """
    assert verdict(text) == "holds"
    assert count(text) == 4  # the block, R x, W x


def test_a_choice_inside_an_atomic_block_multiplies_its_step() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [{atomic: [x = 1, {choose: a, from: "[1, 2, 3]"}, x = a]}]}
      B: {steps: [y = x]}
    """
    assert count(text) == 6


def test_await_reads_all_at_once() -> None:
    text = """
    vars: {x: 0, y: 0}
    threads:
      A: {steps: [{await: x == 1 and y == 0}]}
      B: {steps: [x = 1, y = 1]}
    expect: {deadlock: possible}
    """
    assert {row.end: row.interleavings for row in explored(text).rows} == {None: 1, "deadlock": 1}


def test_an_await_may_time_out_while_it_does_not_hold() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [{try: [{await: x == 1, timeout: 1}, r = 1], except: {TimeoutError: [r = 0]}}]}
      B: {steps: [x = 1]}
    expect: {observe: [A.r]}
    """
    assert ends(text) == {0: None, 1: None}
    assert count(text) == 2


CHECKED = """
vars: {x: 0}
primitives: {m: Lock}
threads:
  A: {steps: [{with: m, do: [x += 1]}]}
  B: {steps: [{with: m, do: [x -= 1]}]}
expect: {always: [%s], final: [x == 0]}
"""


def test_always_sees_the_states_between_commuting_updates() -> None:
    assert kinds(CHECKED % "x >= 0") == ["always"]
    assert kinds(CHECKED % "-1 <= x <= 1") == []


def test_always_is_false_in_a_torn_state_and_atomic_mends_it() -> None:
    text = """
    vars: {x: 0, y: 0}
    primitives: {m: Lock}
    threads:
      A: {steps: [{BLOCK, do: [x = 1, y = 1]}]}
    expect: {always: [x == y]}
    """
    assert kinds(text.replace("BLOCK", "with: m")) == ["always"]
    assert kinds(text.replace("{BLOCK, do: [x = 1, y = 1]}", "{atomic: [x = 1, y = 1]}")) == []


def test_always_is_asked_at_the_start() -> None:
    assert kinds("vars: {x: 1}\nthreads:\n  A: {steps: [x = 0]}\nexpect: {always: [x == 0]}\n") == ["always"]


def test_sometimes_and_reachable_must_be_seen() -> None:
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [x = 1, x = 2]}\nexpect: {%s: [%s]}\n"
    assert verdict(text % ("sometimes", "x == 2")) == "holds"
    assert verdict(text % ("sometimes", "x == 1")) == "fails"
    assert verdict(text % ("reachable", "x == 1")) == "holds"
    assert verdict(text % ("reachable", "x == 3")) == "fails"


def test_errors_are_exact() -> None:
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [{if: x == 1, then: [{raise: ValueError}]}]}\n  B: {steps: [x = 1]}\nexpect: {errors: {%s}}\n"
    assert verdict(text % "A: ValueError") == "fails"
    assert verdict(text % "A: {possible: ValueError}") == "holds"
    assert verdict(text % "A: {possible: Exception}") == "holds"
    assert verdict(text % "A: {possible: KeyError}") == "fails"
    assert verdict(text % "A: {possible: [KeyError, ValueError]}") == "holds"
    assert verdict(text % "B: {possible: ValueError}") == "fails"


def test_an_allowed_error_is_a_fine_end() -> None:
    text = "threads:\n  A: {steps: [{raise: ValueError}]}\nexpect: {errors: {A: ValueError}}\n"
    assert [row.end for row in explored(text).rows] == [None]


@pytest.mark.parametrize(
    ("fails", "word"),
    [
        ("[deadlock]", "fails"),
        ("[assert]", "fails"),
        ("[assert, deadlock]", "holds"),
        ("[assert, deadlock, error]", "fails"),
    ],
)
def test_fails_holds_when_exactly_these_kinds_are_found(fails: str, word: str) -> None:
    text = f"""
    vars: {{x: 0}}
    primitives: {{a: Lock, b: Lock}}
    threads:
      A: {{steps: [{{with: [a, b], do: [pass]}}]}}
      B: {{steps: [{{with: [b, a], do: [pass]}}, {{assert: false}}]}}
    expect: {{fails: {fails}}}
    """
    assert verdict(text) == word


def test_a_deadlocked_execution_is_not_asked_for_its_final_state() -> None:
    text = """
    vars: {x: 0}
    primitives: {e: Event}
    threads:
      A: {steps: [{wait: e}, x = 1]}
    expect: {final: [x == 1], deadlock: possible}
    """
    assert verdict(text) == "holds"


def test_outcomes_label_rows_and_split_them() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {count: 2, steps: [x += 1]}
    expect: {outcomes: [{when: x == 2, is: acceptable}, {when: x == 1, is: LABEL}]}
    """
    assert verdict(text.replace("LABEL", "interesting")) == "holds"
    assert verdict(text.replace("LABEL", "forbidden")) == "fails"
    assert {row.label: row.interleavings for row in explored(text.replace("LABEL", "interesting")).rows} == {
        "acceptable": 2, "interesting": 4,
    }  # fmt: skip


def test_order_asks_every_occurrence() -> None:
    text = """
    primitives: {e: Event}
    threads:
      A: {steps: [{mark: before}, {set: e}]}
      B: {steps: [{wait: e}, {mark: after}]}
    expect: {order: [[before, after]]}
    """
    assert verdict(text) == "holds"
    assert verdict(text.replace("{mark: before}, {set: e}", "{set: e}, {mark: before}")) == "fails"


def test_output_is_exact_and_in_order() -> None:
    text = "threads:\n  A: {steps: [{print: a}]}\n  B: {steps: [{print: b}]}\nexpect: {output: %s}\n"
    assert verdict(text % "[a, b]") == "fails"
    assert verdict(text % "{unordered: [b, a]}") == "holds"
    assert verdict(text % "{contains: [a], absent: [c]}") == "holds"


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("{raise: KeyError, message: k}", "'k'"),
        ("{raise: KeyError}", ""),
        ("{raise: ValueError, message: k}", "k"),
        ("{acquire: l, timeout: null}", "'NoneType' object cannot be interpreted as an integer"),
        ("{sleep: \"'a'\"}", "'str' object cannot be interpreted as an integer"),
        ("{await: x == 1, timeout: 0}", ""),
    ],
)
def test_an_error_has_the_text_that_python_gives_it(step: str, text: str) -> None:
    yaml = f"""
    vars: {{x: 0, said: null}}
    primitives: {{l: Lock}}
    main: [{{try: [{step}], except: {{Exception: [said = error]}}}}]
    expect: {{observe: [said]}}
    """
    assert values(yaml) == {text}
    assert run(program(yaml), seed=0).shared["said"] == text


def test_a_timer_is_not_stuck_before_its_time() -> None:
    found = explored("""
        primitives: {s: Semaphore}
        threads:
          A: {steps: [{acquire: s}]}
          B: {timer: 0.01, steps: [{acquire: s}]}
        explore: {clock: virtual}
    """)
    (finding,) = found.findings
    assert [(blocked.thread, blocked.wait.name) for blocked in finding.blocked] == [("B", "s")]
    assert len(finding.schedule.moves) == 2  # A takes it, and B's time comes
