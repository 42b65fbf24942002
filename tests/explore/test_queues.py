"""Queues of all kinds: one step an operation, blocking ends, `task_done`, `join`, shutdown."""

import pytest
from explore.found import count, ends, kinds, values, verdict


@pytest.mark.parametrize(
    ("kind", "got"),
    [("Queue", (2, 1, 3)), ("LifoQueue", (3, 1, 2)), ("PriorityQueue", (1, 2, 3)), ("SimpleQueue", (2, 1, 3))],
)
def test_each_kind_gives_in_its_order(kind: str, got: tuple[int, ...]) -> None:
    text = f"""
    vars: {{got: []}}
    primitives: {{q: {kind}}}
    threads:
      A: {{steps: [{{put: q, item: 2}}, {{put: q, item: 1}}, {{put: q, item: 3}}, {{repeat: 3, do: [{{get: q, into: v}}, got.append(v)]}}]}}
    """
    assert values(text) == {got}


def test_a_full_queue_blocks_and_an_empty_one_too() -> None:
    text = """
    vars: {got: []}
    primitives: {q: {Queue: 1}}
    threads:
      P: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      C: {steps: [{get: q, into: a}, {get: q, into: b}]}
    expect: {observe: [C.a, C.b]}
    """
    assert ends(text) == {(1, 2): None}
    assert count(text) == 1  # p g p g


def test_an_unbounded_queue_lets_the_producer_run_ahead() -> None:
    text = """
    primitives: {q: Queue}
    threads:
      P: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      C: {steps: [{get: q}, {get: q}]}
    """
    assert count(text) == 2  # p p g g, p g p g


def test_an_item_may_go_to_any_getter() -> None:
    text = """
    vars: {who: null}
    primitives: {q: Queue}
    threads:
      P: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      C: {count: 2, steps: [{get: q, into: a}]}
    expect: {observe: ["C[0].a"]}
    """
    assert values(text) == {1, 2}


def test_a_timed_get_times_out_only_when_it_is_empty() -> None:
    text = """
    primitives: {q: Queue}
    threads:
      P: {steps: [{put: q, item: 1}]}
      C: {steps: [a = 0, {try: [{get: q, timeout: 1, into: a}], except: {Empty: [a = -1]}}]}
    expect: {observe: [C.a]}
    """
    assert values(text) == {1, -1}
    assert count(text) == 2


def test_get_without_blocking_raises_empty_and_put_full() -> None:
    text = """
    primitives: {q: {Queue: 1}}
    threads:
      A: {steps: [{get: q, block: false, raises: Empty}, {put: q, item: 1}, {put: q, item: 2, block: false, raises: Full}, {put: q, item: 2, timeout: 1, raises: Full}]}
    """
    assert verdict(text) == "holds"


def test_join_waits_for_task_done_not_for_emptiness() -> None:
    text = """
    vars: {done: false}
    primitives: {q: Queue}
    threads:
      P: {steps: [{put: q, item: 1}, {join: q}, {assert: done}]}
      C: {steps: [{get: q}, done = True, {task_done: q}]}
    """
    assert verdict(text) == "holds"
    assert kinds(text.replace("done = True, {task_done: q}", "done = True")) == ["deadlock"]


def test_one_task_done_too_many_is_an_error() -> None:
    text = "primitives: {q: Queue}\nthreads:\n  A: {steps: [{task_done: q}]}\nexpect: {errors: {A: ValueError}}\n"
    assert verdict(text) == "holds"


def test_a_container_is_copied_into_a_queue() -> None:
    text = """
    vars: {got: null}
    primitives: {q: Queue}
    threads:
      A: {steps: ["xs = [1]", {put: q, item: xs}, xs.append(2), {get: q, into: ys}, got = ys]}
    """
    assert values(text) == {(1,)}


SHUTDOWN = """
primitives: {q: Queue}
threads:
  P: {steps: [{put: q, item: 1}, {shutdown: q}]}
  C: {steps: [a = 0, {try: [{while: true, do: [{get: q, into: v}, a += v]}], except: {ShutDown: [pass]}}]}
expect: {observe: [C.a]}
"""


def test_a_queue_that_is_shut_down_gives_what_is_left_first() -> None:
    assert ends(SHUTDOWN) == {1: None}


def test_an_immediate_shutdown_drains_it() -> None:
    assert ends(SHUTDOWN.replace("{shutdown: q}", "{shutdown: q, immediate: true}")) == {1: None, 0: None}


def test_a_put_after_the_shutdown_raises() -> None:
    text = "primitives: {q: Queue}\nthreads:\n  A: {steps: [{shutdown: q}, {put: q, item: 1, raises: ShutDown}]}\n"
    assert verdict(text) == "holds"


def test_a_shutdown_wakes_who_waits_to_put() -> None:
    text = """
    primitives: {q: {Queue: 1}}
    threads:
      P: {steps: [{put: q, item: 1}, {put: q, item: 2}]}
      S: {steps: [{await: P.blocked == 1}, {shutdown: q}]}
    expect: {errors: {P: ShutDown}}
    """
    assert verdict(text) == "holds"


def test_items_that_can_not_be_ordered_raise_as_in_python() -> None:
    text = """
    primitives: {q: PriorityQueue}
    threads:
      A: {steps: [{put: q, item: 1}, {put: q, item: "'a'", raises: TypeError}]}
    """
    assert verdict(text) == "holds"
