"""One access is one step, in Python's evaluation order. Steps are counted by a probe: one other thread of one step
can stand at each of k + 1 places beside k steps."""

from __future__ import annotations

import pytest
from explore.found import count, values, verdict

VARS = "x: 0, y: 0, z: 0, t: true, f: false, xs: [1, 2, 3], grid: [[1, 2], [3, 4]], d: {expr: '{1: 2}'}, s: {expr: '{1, 2}'}"


def steps(body: str, extra: str = "") -> int:
    """How many steps the body of a thread has, every one of which is independent of the probe's."""
    found = count(
        f"vars: {{{VARS}, probe: 0}}\n{extra}\nthreads:\n  A: {{steps: [{body}]}}\n  B: {{steps: [probe = 1]}}\n"
    )
    assert found is not None
    return found - 1


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("x = 1", 1),
        ("a = x", 1),
        ("x += 1", 2),
        ("x = x + x", 3),
        ("a = 1", 0),
        ("'x, y = y, x'", 4),
        ("'a, b = x, y'", 2),
        ("x = y = 1", 2),
        ("a = t and f", 2),
        ("a = f and t", 1),
        ("a = t or f", 1),
        ("a = f or t", 2),
        ("a = f or t and x", 3),
        ("a = not x", 1),
        ("a = x if t else y", 2),
        ("a = x + y if f else 1", 1),
        ("a = 0 < x < 5", 1),
        ("a = 0 < x < y", 1),
        ("a = -1 < x < y", 2),
        ("a = x <= y <= z", 3),
        ("a = x < y < z", 2),
        ("'a = xs[0]'", 1),
        ("'a = grid[1][0]'", 1),
        ("'a = len(xs)'", 1),
        ("'a = len(grid[0])'", 1),
        ("'a = xs[x]'", 2),
        ("'a = grid[x][y]'", 3),
        ("'a = xs[0:2]'", 1),
        ("'a = xs[x:y]'", 3),
        ("xs.append(1)", 1),
        ("xs.append(x)", 2),
        ("a = xs.pop()", 1),
        ("s.add(x)", 2),
        ("'grid[0].append(1)'", 1),
        ("'xs[0] = 1'", 1),
        ("'xs[x] = y'", 3),
        ("'xs[0] += 1'", 2),
        ("'xs[x] += y'", 4),
        ("'del xs[0]'", 1),
        ("'del xs[x]'", 2),
        ("'xs += [1]'", 1),
        ("'xs += [x]'", 2),
        ("'d[5] = 1'", 1),
        ("'d[1] += 1'", 2),
        ("'a = d.get(1, x)'", 2),
        ("'a = 1 in xs'", 1),
        ("'a = x in xs'", 2),
        ("'a = sum(xs)'", 1),
        ("'a = sorted(s)'", 1),
        ("'a = list(d)'", 1),
        ("'a = max(x, y)'", 2),
        ("'a = [x, y]'", 2),
        ("'a = {x: y}'", 2),
        ("'a = [v for v in xs]'", 4),
        ("'a = [v + x for v in xs]'", 7),
        ("'a = [v for v in xs if x]'", 7),
        ("'a = sum(v for v in xs)'", 4),
        ("'a = any(v == 1 for v in xs)'", 1),
        ("'a = all(v > 0 for v in xs)'", 4),
        ("'a = all(v > 1 for v in xs)'", 1),
        ("'a = [u + v for u in xs for v in (1, 2)]'", 4),
        ("{for: v, in: xs, do: [pass]}", 4),
        ("{for: v, in: xs, do: [x += v]}", 10),
        ("{for: v, in: xs, do: [break]}", 1),
        ("{for: v, in: list(xs), do: [pass]}", 1),
        ("{for: x, in: '[1, 2]', do: [pass]}", 2),
        ("{repeat: 2, as: x, do: [pass]}", 2),
        ("{repeat: 3, do: [x = 1]}", 3),
        ("{repeat: x, do: [pass]}", 1),
        ("{repeat: 3, do: [pass]}", 0),
        ("{while: x < 2, do: [x += 1]}", 7),
        ("{if: x, then: [y = 1], else: [y = 2]}", 2),
        ("{if: x, then: [y = 1], elif: [{if: y, then: [pass]}], else: [y = 2]}", 3),
        ("{assert: x == 0}", 1),
        ("{assert: true}", 0),
        ("{sleep: 1}", 0),
        ("{sleep: x}", 1),
        ("{print: 'x is {x}'}", 0),
        ("{mark: 'x is {x}'}", 0),
        ("{atomic: [x += 1, y += 1]}", 1),
        ("{atomic: x += 1}", 1),
        ("{await: x + y == 0}", 1),
        ("{choose: a, from: '[5]'}", 0),
        ("{choose: x, from: '[5]'}", 1),
        ("{choose: a, from: 'xs[:1]'}", 1),
        ("{call: r, args: [x], into: y}", 3),
        ("{call: r, args: [1], into: a}", 1),
        ("{raise: ValueError, raises: ValueError}", 0),
        ("{try: [x = 1 / x], except: {ZeroDivisionError: [y = 1]}}", 2),
        ("{try: [x = 1 / 1], except: {ZeroDivisionError: [y = 1]}, else: [z = 1], finally: [z = 2]}", 3),
        ("a = name, x = index", 1),
    ],
)  # fmt: skip
def test_steps_are_counted_as_python_evaluates(body: str, number: int) -> None:
    assert steps(body, "routines: {r: {params: [n], steps: [z = n, {return: n}]}}") == number


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("{acquire: m}, {release: m}", 2),
        ("{with: m, do: [pass]}", 2),
        ("{with: [m, n], do: [pass]}", 4),
        ("{with: r, do: [{with: r, do: [pass]}]}", 4),
        ("{acquire: m, into: x}", 2),
        ("{acquire: m, into: a}", 1),
        ("a = m.locked()", 1),
        ("a = q.qsize()", 1),
        ("{if: m.locked() or q.empty(), then: [pass]}", 2),
        ("{put: q, item: 1}, {get: q, into: a}", 2),
        ("{put: q, item: x}, {get: q, into: y}", 4),
        ("{put: q, item: 1}, {get: q}, {task_done: q}, {join: q}", 4),
        ("{set: e}, {wait: e}", 2),
        ("{set: e}, {clear: e}, {wait: e, timeout: 0}", 4),
        ("{wait: e, timeout: 1, into: a}", 2),
        ("{with: c, do: [{notify: c}]}", 3),
        ("{with: c, do: [{wait: c, timeout: 1}]}", 5),
        ("{with: c, do: [{wait_for: c, until: x == 0}]}", 3),
        ("{wait: g}", 2),
        ("{abort: g}", 1),
        ("{wait: h}", 3),
        ("{acquire: sem}, {acquire: sem}, {release: sem, n: 2}", 3),
        ("{get: q, block: false, raises: Empty}", 1),
        ("{release: m, raises: RuntimeError}", 1),
        ("a = A.alive", 1),
    ],
)  # fmt: skip
def test_operations_are_one_step_but_where_cpython_shows_more(body: str, number: int) -> None:
    found = steps(
        body,
        "primitives: {m: Lock, n: Lock, r: RLock, q: Queue, e: Event, c: Condition, g: {Barrier: 1}, "
        "h: {Barrier: {parties: 1, action: act}}, sem: {Semaphore: 2}}\nroutines: {act: {steps: [x = 1]}}",
    )
    if "alive" in body:  # then each end is a step: of A, and of the probe
        assert found + 1 == 6  # 2 steps of A beside 2 of B
    else:
        assert found == number


def test_prints_are_steps_if_output_is_expected() -> None:
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [{print: 'a{x}'}]}\n  B: {steps: [{print: 'b'}]}\n"
    assert count(text) == 1
    assert count(text + "expect: {output: {unordered: [a0, b]}}") == 3


def test_marks_are_steps_if_order_is_expected() -> None:
    text = "threads:\n  A: {{steps: [{{mark: a}}]}}\n  B: {{steps: [{{mark: b}}]}}\n{}"
    assert count(text.format("")) == 1
    assert count(text.format("expect: {order: [[a, b]]}")) == 2


def test_a_swap_reads_right_before_left_and_writes_left_to_right() -> None:
    # R b, R a, W a, W b beside b = 9 (before R b, after it, before W b, after it)
    text = """
    vars: {a: 1, b: 2}
    threads:
      A: {steps: ["a, b = b, a"]}
      B: {steps: [b = 9]}
    expect: {observe: [a, b]}
    """
    assert values(text) == {(9, 1), (2, 1), (2, 9)}


def test_a_chained_comparison_reads_its_middle_once() -> None:
    text = """
    vars: {x: 5, r: null}
    threads:
      A: {steps: [r = 0 < x < 10]}
      B: {steps: [x = 50]}
    expect: {observe: [r]}
    """
    assert values(text) == {True, False}
    assert count(text) == 3


def test_a_loop_over_a_shared_list_sees_what_is_appended_meanwhile() -> None:
    text = """
    vars: {xs: [1], seen: 0}
    threads:
      A: {steps: [n = 0, {for: v, in: xs, do: [n += v]}, seen = n]}
      B: {steps: [xs.append(10)]}
    expect: {observe: [seen]}
    """
    assert values(text) == {1, 11}


def test_a_loop_that_removes_what_it_runs_over_skips_an_element() -> None:
    text = """
    vars: {xs: [1, 2, 3, 4], seen: []}
    threads:
      A: {steps: [{for: v, in: xs, do: [xs.remove(v), seen.append(v)]}]}
    expect: ["seen == [1, 3]", "xs == [2, 4]"]
    """
    assert verdict(text) == "holds"


def test_an_index_is_read_after_the_container_is_loaded_where_its_name_is_rebound() -> None:
    text = """
    vars: {xs: [10, 20], i: 0, r: 0}
    threads:
      A: {steps: ["r = xs[i]"]}
      B: {steps: ["xs = [30, 40]", i = 1]}
    expect: {observe: [r]}
    """
    assert values(text) == {10, 20, 30, 40}


def test_an_augmented_element_reads_then_writes() -> None:
    text = """
    vars: {xs: [0]}
    threads:
      A: {count: 2, steps: ["xs[0] += 1"]}
    expect: {observe: ["xs[0]"]}
    """
    assert values(text) == {1, 2}


def test_appending_in_place_loses_nothing() -> None:
    text = """
    vars: {xs: []}
    threads:
      A: {count: 2, steps: ["xs += [index]"]}
    expect: {observe: [len(xs)]}
    """
    assert values(text) == {2}


def test_locals_are_each_threads_own_and_registers_are_those_at_the_end() -> None:
    text = """
    vars: {x: 0}
    threads:
      A: {steps: [r = 1, r = x, x = 1]}
      B: {steps: [{if: x == 1, then: [r = 5]}, x = 2]}
    expect: {observe: [A.r, B.r, x]}
    """
    assert values(text) == {(0, None, 2), (0, None, 1), (2, None, 1), (0, 5, 2)}


def test_thread_locals_are_no_accesses() -> None:
    assert steps("tls.v = 1, tls.v += 1, a = tls.v", "primitives: {tls: local}") == 0


def test_a_comprehension_may_unpack_its_elements() -> None:
    text = """
    vars: {x: 1, pairs: [[1, 2], [3, 4]], r: null}
    threads:
      A:
        steps:
          - "r = [a + b + x for a, b in pairs] + [n for i, (n, *_) in enumerate([[5, 6]]) if i == 0]"
    expect: {observe: [r]}
    """
    assert values(text) == {(4, 8, 5)}


@pytest.mark.parametrize(
    ("start", "before", "change", "interleavings", "ends"),
    [
        # what counts is what the variable holds then, not what it began with: a list changes in one step
        # it is loaded, changed and stored back where its name is rebound
        ("null", "x = []", "x += [n]", 70, {(1, 2), (2, 1)}),
        ("0", "x = set()", "x |= {n}", 70, {(1, 2)}),
        ("[]", "x = 0", "x += n", 20, {1, 2, 3}),
        ("{}", "x['k'] = []", "x['k'] += [n]", 6, {(("k", (1, 2)),), (("k", (2, 1)),)}),
        ("[]", "x = ()", "x += (n,)", 20, {(1,), (2,), (1, 2), (2, 1)}),
        ("null", "x = 'a'", "x += str(n)", 20, {"a1", "a2", "a12", "a21"}),
    ],
)
def test_an_augmented_assignment_changes_a_container_in_place_and_anything_else_in_two_steps(
    start: str, before: str, change: str, interleavings: int, ends: set[object]
) -> None:
    text = f"""
    vars: {{x: {start}}}
    routines: {{add: {{params: [n], steps: ["{change}"]}}}}
    threads: {{A: {{run: add, args: {{n: 1}}}}, B: {{run: add, args: {{n: 2}}}}}}
    main: ["{before}", {{start: all}}, {{join: all}}]
    """
    assert values(text) == ends
    started = f"""
    vars: {{x: {start}, go: false}}
    threads:
      A: {{steps: [{{await: go}}, n = 1, "{change}"]}}
      B: {{steps: [{{await: go}}, n = 2, "{change}"]}}
      C: {{steps: [{{atomic: ["{before}", go = True]}}]}}
    """
    assert count(started) == interleavings  # of two threads with an await and one or two steps


def test_what_is_added_is_read_after_a_scalar_and_before_a_container_changes() -> None:
    text = """
    vars: {x: START, y: 1}
    threads: {A: {steps: [x += y]}, B: {steps: [CHANGE]}}
    """
    assert values(text.replace("START", "0").replace("CHANGE", "y = 5")) == {(1, 5), (5, 5)}
    assert count(text.replace("START", "0").replace("CHANGE", "y = 5")) == 4
    lists = text.replace("START", "[]").replace("y: 1", "y: [1]").replace("x += y", "x += list(y)")
    assert count(lists.replace("CHANGE", "y.append(2)")) == 3


PUT_BACK = """
vars: {seen: []}
threads:
  A:
    steps:
      - "d = {KEYS}"
      - "own = []"
      - {for: k, in: d, do: [own.append(k), STEPS]}
      - seen = own
expect: {errors: {A: {possible: RuntimeError}}, observe: [seen]}
"""


@pytest.mark.parametrize(
    ("keys", "steps", "right"),
    [
        ("1: 1", "'v = d.pop(k)', 'd[k] = v'", "undecided"),
        ("1: 1, 2: 2", "'del d[k]', 'd[k] = 0'", "undecided"),
        ("1: 1, 2: 2", "{if: k == 1, then: ['v = d.popitem()', 'd[9] = v']}", "undecided"),
        ("1: 1, 2: 2", "'del d[k]', 'd[k] = 0', break", "holds"),
        ("1: 1, 2: 2", "'del d[k]'", "holds"),
        ("1: 1, 2: 2", "{try: ['del d[7]'], except: {KeyError: ['d[k] = 0']}}", "holds"),
        ("1: 1, 2: 2", "'v = d.pop(7, 0)', 'd[k] = 0'", "holds"),
        ("1: 1, 2: 2", "{try: ['k.pop()'], except: {AttributeError: [pass]}}", "holds"),
        ("1: 1, 2: 2", "{try: ['del k[0]'], except: {TypeError: [pass]}}", "holds"),
        ("1: 1, 2: 2", "'e = dict(d)', 'del e[k]', 'e[k] = 0'", "holds"),
    ],
)
def test_where_a_key_comes_in_anothers_place_the_loop_goes_on_by_memory(keys: str, steps: str, right: str) -> None:
    assert verdict(PUT_BACK.replace("KEYS", keys).replace("STEPS", steps)) == right


def test_the_same_of_a_shared_dict_that_another_changes() -> None:
    text = """
    vars: {d: {expr: "{1: 1, 2: 2}"}, n: 0}
    threads:
      A: {steps: [{for: k, in: d, do: [n += k]}]}
      B: {steps: [WITH]}
    expect: {errors: {A: {possible: RuntimeError}}, observe: [A.k]}
    """
    assert verdict(text.replace("WITH", "{atomic: ['v = d.pop(1)', 'd[1] = v']}")) == "undecided"
    assert verdict(text.replace("WITH", "'d[1] = 7'")) == "holds"


@pytest.mark.parametrize(
    "block", ["{STEP}", "{if: 'True', then: [STEP]}", "{repeat: 1, do: [STEP]}", "{try: [STEP], finally: [pass]}"]
)
def test_a_container_is_added_to_in_one_step_wherever_that_stands(block):
    """In a block it was taken for another object under the name: load, extend, store."""
    assert steps(block.replace("{STEP}", "STEP").replace("STEP", "'xs += [7]'")) == 1
