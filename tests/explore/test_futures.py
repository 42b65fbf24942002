"""Futures that a scenario completes itself, and callbacks: steps, their order, what is dropped; twins of their bugs."""

import pytest
from explore.found import count, ends, explored, kinds, values, verdict

HEAD = """
vars: {log: [], x: 0, won: 0}
primitives: {reply: Future, replies: {array: 2, of: Future}, m: Lock, pool: {ThreadPoolExecutor: 1}}
routines:
  note: {params: [n], steps: ["log.append([n, name])"]}
  fails: {steps: ["log.append(name)", {raise: ValueError}]}
  takes: {steps: [{with: m, do: ["x += 1"]}]}
  five: {steps: [{return: 5}]}
"""


def of(threads: str, expect: str = "") -> str:
    """A file without a pool where none is used: its end steps would count."""
    head = HEAD if "pool" in threads else HEAD.replace(", pool: {ThreadPoolExecutor: 1}", "")
    return head + f"threads:\n{threads}\n" + (f"expect: {expect}\n" if expect else "")


def test_completing_is_one_step_and_so_is_waiting():
    # A: set_result; B: W x, result, W x: result comes after set_result, W x anywhere before
    text = of(
        """
  A: {steps: [{set_result: reply, value: 7}]}
  B: {steps: ["x = 1", {result: reply, into: x}]}""",
        "[x == 7]",
    )
    assert (count(text), verdict(text)) == (2, "holds")


def test_who_waits_may_go_on_before_the_callbacks_are_run():
    text = of(
        """
  A: {steps: [{add_done_callback: reply, run: note, args: [1]}, {set_result: reply, value: 0}]}
  B: {steps: [{result: reply}, "log.append('B')"]}""",
        "{observe: [log]}",
    )
    assert values(text) >= {((1, "A"), "B"), ("B", (1, "A"))}


def test_callbacks_run_in_order_of_adding_in_the_thread_that_completes_and_what_they_raise_is_dropped():
    text = of(
        """
  A:
    steps:
      - {add_done_callback: reply, run: note, args: [1]}
      - {add_done_callback: reply, run: fails}
      - {add_done_callback: reply, run: note, args: [2]}
      - {set_exception: reply, error: KeyError}
      - {add_done_callback: reply, run: fails}
      - "log.append('on')" """,
        "[\"log == [[1, 'A'], 'A', [2, 'A'], 'A', 'on']\"]",
    )
    assert verdict(text) == "holds"


def test_a_callback_of_a_pools_call_runs_in_its_worker_or_at_once():
    text = of(
        """
  A: {steps: [{submit: five, to: pool, into: f}, {add_done_callback: f, run: note, args: [1]}]}""",
        "{observe: ['log[0][1]']}",
    )
    assert values(text) == {"A", "ThreadPoolExecutor-0_0"}


def test_cancelling_calls_back_and_is_told_to_who_waits_for_many_once_it_has_been_taken_off():
    text = of(
        """
  A: {steps: [{add_done_callback: reply, run: note, args: [1]}, {cancel: reply, into: ok}, {assert: "ok and reply.done()"}]}
  B: {steps: [{wait_futures: "[reply]"}]}""",
        "{deadlock: {possible: [B]}, final: []}",
    )
    assert set(ends(text).values()) == {"deadlock"}
    told = text.replace("{assert: ", "{set_running_or_notify_cancel: reply, into: r}, {assert: not r}, {assert: ")
    assert verdict(told.replace("deadlock: {possible: [B]}, ", "")) == "holds"


def test_what_is_done_can_not_be_completed_again():
    text = of(
        """
  A: {steps: [{set_result: reply, value: 1}, {set_result: reply, value: 2, raises: InvalidStateError},
     {set_running_or_notify_cancel: reply, raises: RuntimeError}, {cancel: reply, into: ok}, {assert: not ok}]}""",
        "[reply.done(), not reply.cancelled(), not reply.running(), reply.exception() is None]",
    )
    assert verdict(text) == "holds"


def test_an_exception_is_raised_where_the_result_is_asked_for():
    text = of(
        """
  A: {steps: [{set_exception: 'replies[1]', error: KeyError, message: "no {index}"}]}
  B: {steps: [{try: [{result: 'replies[1]'}], except: {LookupError: ["log.append(error)"]}}]}""",
        """["log == [\\"'no 0'\\"]"]""",
    )
    assert verdict(text) == "holds"


def test_as_completed_goes_in_the_order_of_completion():
    text = of(
        """
  A: {steps: [{await: "x == 1"}, {set_result: 'replies[1]', value: b}, {set_result: 'replies[0]', value: a}]}
  B: {steps: ["x = 1", {as_completed: f, in: replies, do: [{result: f, into: v}, "log.append(v)"]}]}""",
        "{observe: [log]}",
    )
    text = text.replace("value: b", "value: \"'b'\"").replace("value: a", "value: \"'a'\"")
    assert values(text) == {("b", "a"), ("a", "b")}  # those that are done before it looks come in any order


def test_two_who_answer_without_a_lock_may_both_see_it_open():
    bad = of("""
  A: {count: 2, steps: [{if: not reply.done(), then: [{set_result: reply, value: 1}]}]}""")
    assert kinds(bad) == ["error"]
    good = of("""
  A: {count: 2, steps: [{with: m, do: [{if: not reply.done(), then: [{set_result: reply, value: 1}]}]}]}""")
    assert verdict(good) == "holds"


def test_a_callback_that_wants_the_lock_under_which_it_is_completed_never_gets_it():
    bad = of("""
  A: {steps: [{add_done_callback: reply, run: takes}]}
  B: {steps: [{with: m, do: [{set_result: reply, value: 1}]}]}""")
    assert kinds(bad) == ["deadlock"]
    good = bad.replace(
        "{with: m, do: [{set_result: reply, value: 1}]}", "{with: m, do: [pass]}, {set_result: reply, value: 1}"
    )
    assert verdict(good) == "holds"


def test_nobody_completes_it():
    text = of("""
  A: {steps: [{result: reply}]}
  B: {steps: [{if: x, then: [{set_result: reply, value: 1}]}]}""")
    assert kinds(text) == ["deadlock"]
    assert verdict(text.replace("{if: x,", "{if: not x,")) == "holds"


@pytest.mark.parametrize(
    "step",
    [
        "{set_result: f, value: 1}",
        "{set_exception: f, error: ValueError}",
        "{set_running_or_notify_cancel: f}",
    ],
)
def test_a_pools_future_that_another_completes_is_undecided(step):
    text = of(
        f"  A: {{steps: [{{submit: five, to: pool, into: f}}, {{try: [{step}], except: {{Exception: [pass]}}}}]}}"
    )
    assert verdict(text) == "undecided"


def test_callbacks_of_calls_that_a_shutdown_throws_away_are_undecided():
    text = of("""
  A: {steps: [{submit: five, to: pool, into: f}, {add_done_callback: f, run: note, args: [1]}, {shutdown: pool, cancel_futures: true}]}""")
    assert verdict(text) == "undecided"


def test_how_many_were_not_done_is_told_as_python_tells_it():
    text = of(
        """
  A:
    steps:
      - try: [{as_completed: f, in: "[replies[0], replies[1], replies[0]]", timeout: 0, do: [pass]}]
        except: {TimeoutError: ["log.append(error)"]}
  B: {steps: [{set_result: 'replies[1]', value: 1}]}""",
        "{observe: [log]}",
    )
    assert values(text) == {(f"{n} (of 2) futures unfinished",) for n in (1, 2)}


def test_a_future_of_the_files_own_is_named_where_it_is_asked():
    text = of(
        "  A: {steps: ['x = int(replies[1].done())', {assert: not reply.done()}]}\n  B: {steps: [{set_result: reply, value: 1}]}"
    )
    (found,) = explored(text).findings
    read = [deed.object for move in found.schedule.moves for deed in move.deeds if deed.operation == "read"]
    assert read == ["replies[1].done()", "reply.done()"]
