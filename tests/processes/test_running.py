"""A run on processes: every thread of the file is a real one, every primitive multiprocessing's own."""

from __future__ import annotations

from processes.files import program

from scenario.engines.processes import run


def after(text, **given):
    """What a finished run leaves of the shared variables."""
    outcome = run(program(text), **given)
    assert outcome.end == "finished", outcome
    assert not outcome.errors, outcome.errors
    assert not outcome.failures, outcome.failures
    return outcome.shared


def test_each_primitive_does_what_it_does_there():
    """A condition over a lock of the file's, a barrier's action, both queues, what is refused in CPython's own words."""
    printed = []
    text = """
        vars: {n: 0, got: 0, flag: false}
        primitives:
          lock: Lock
          again: RLock
          bound: {BoundedSemaphore: 1}
          ready: Event
          changed: {Condition: lock}
          gate: {Barrier: {parties: 2, action: tick}}
          jobs: {Queue: 2}
          simple: SimpleQueue
        routines:
          tick: {steps: [{print: tick}]}
        threads:
          P:
            steps:
              - {wait: gate}
              - {for: x, in: "[1, 2, 3, 4]", do: [{put: jobs, item: x}]}
              - {join: jobs}
              - {put: simple, item: "[1, 'a']"}
              - {with: changed, do: [flag = True, {notify: changed}]}
              - {set: ready}
              - {acquire: bound}
              - {acquire: bound, timeout: 0.01, into: r}
              - {assert: r == False}
              - {acquire: bound, blocking: false, into: r}
              - {assert: not r}
              - {release: bound}
              - {release: bound, raises: ValueError}
              - {release: lock, raises: ValueError}
              - {release: again, raises: AssertionError}
              - {notify: changed, raises: AssertionError}
              - {get: jobs, timeout: 0.01, raises: Empty}
              - {task_done: jobs, raises: ValueError}
              - {join: Q, raises: AssertionError}
              - {with: again, do: [{with: again, do: [n += 1]}]}
              - {atomic: [n += 1, n += 1]}
          Q:
            steps:
              - {wait: gate}
              - {repeat: 4, do: [{get: jobs, into: x}, got += x, {task_done: jobs}]}
              - {get: simple, into: y}
              - {print: "{y}"}
              - {with: changed, do: [{wait_for: changed, until: flag}]}
              - {wait: ready}
              - {await: n == 3}
              - {print: "{n} {lock.locked()} {ready.is_set()} {jobs.qsize()} {jobs.empty()} {P.name}"}
    """
    assert after(text, on_print=printed.append) == {"n": 3, "got": 10, "flag": True}
    assert printed == ["tick", "[1, 'a']", "3 False True 0 True P"]


def test_shared_variables_are_numbers_of_64_bits():
    text = """
        vars: {i: 9223372036854775806, f: 0.5, b: true, none: null, low: -9223372036854775807}
        threads:
          A:
            steps:
              - i += 1
              - low -= 1
              - {try: [i += 1], raises: OverflowError}
              - {try: [low -= 1], raises: OverflowError}
              - {try: ["i = 'x'"], raises: TypeError}
              - [f += 1, b = not b, none = 3]
    """.replace("- [f += 1, b = not b, none = 3]", "- f += 1\n              - b = not b\n              - none = 3")
    left = after(text)
    assert left == {"i": 2**63 - 1, "f": 1.5, "b": False, "none": 3, "low": -(2**63)}
    assert left["b"] is False


def test_an_exception_a_failed_check_and_what_registers_hold_come_from_a_process():
    text = """
        threads:
          A: {steps: [x = 1, {assert: x == 2, message: "no {x}"}, {mark: here}, {raise: KeyError, message: hm}]}
        expect: {observe: [A.x], errors: {A: KeyError}}
    """
    outcome = run(program(text))
    assert outcome.end == "finished"
    assert [(one.kind, one.thread) for one in outcome.failures] == [("assert", "A")]
    assert outcome.errors["A"].bases[:2] == ("KeyError", "LookupError")
    assert outcome.errors["A"].span.line == 4
    assert outcome.registers == {"A": {"x": 1}}
    assert outcome.marks == ("here",)


def test_only_the_parent_starts_and_joins():
    text = """
        vars: {n: 0}
        threads:
          W: {count: 2, class: Worker, steps: [n += 1]}
          D: {daemon: true, steps: [{sleep: 1000}]}
        main:
          - {start: "W[0]"}
          - {assert: "W[0].name == 'W-0'"}
          - {join: "W[0]"}
          - {start: "W[1]"}
          - {start: D}
          - {join: "W[1]", timeout: 60}
          - {assert: "not W[1].is_alive() and D.is_alive() and W.alive == 0"}
          - {start: "W[0]", raises: AssertionError}
    """
    assert after(text) == {"n": 2}


def test_processes_that_hold_what_the_others_want_are_a_deadlock_at_once():
    text = """
        primitives: {a: Lock, b: Lock, gate: {Barrier: 2}, q: Queue}
        threads:
          A: {steps: [{with: a, do: [{wait: gate}, {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{wait: gate}, {with: a, do: [pass]}]}]}
          C: {steps: [{get: q}]}
          D: {daemon: true, steps: [{sleep: 1000}]}
        timeout: 300
    """
    outcome = run(program(text))
    assert outcome.end == "deadlock"
    assert {one.thread: (one.wait.kind, one.wait.name, one.wait.threads()) for one in outcome.blocked} == {
        "A": ("lock", "b", ("B",)),
        "B": ("lock", "a", ("A",)),
        "C": ("item", "q", ()),
    }


def test_what_is_still_going_on_at_the_timeout_is_told():
    text = """
        vars: {n: 0}
        primitives: {ready: Event}
        threads:
          A: {steps: [{while: "True", do: [n += 1]}, {set: ready}]}
          B: {steps: [{wait: ready}]}
        timeout: 3
    """
    outcome = run(program(text))
    assert outcome.end == "timeout"
    assert [(one.thread, one.wait.kind) for one in outcome.blocked] == [("B", "event")]
    assert [(one.thread, one.span.line) for one in outcome.busy] == [("A", 6)]


def test_lists_and_dicts_are_in_a_manager_which_does_one_request_after_the_other():
    text = """
        vars: {xs: [1], d: {a: 1}, n: 0, grid: [[1, 2], [3]]}
        primitives: {gate: {Barrier: 2}}
        threads:
          A:
            steps:
              - {wait: gate}
              - {repeat: 5, do: [xs.append(2)]}
              - d['k'] = 5
              - xs[0] += 10
              - {wait: gate}
              - {assert: "len(xs) == 11 and sorted(xs)[-1] == 11 and sum(xs) == 31 and 2 in xs"}
              - {for: x, in: xs, do: [n += x]}
              - {for: k, in: d, do: [n += len(k)]}
              - {try: ["x = int(xs[99])"], raises: IndexError}
              - {try: [{for: k, in: d, do: ["d[k + k] = 1"]}], raises: RuntimeError}
              - xs += [7]
              - del d['a']
              - {assert: "xs.pop() == 7"}
              - {assert: "'k' in [k for k in d] and grid[0][1] == 2 and [v for v in xs][0] == 11"}
              - xs.clear()
          B:
            steps:
              - {wait: gate}
              - {repeat: 5, do: [xs.append(2)]}
              - {wait: gate}
    """
    assert after(text) == {"xs": [], "d": {"aa": 1, "k": 5}, "n": 33, "grid": [[1, 2], [3]]}


def test_the_processors_time_of_a_run_is_that_of_its_processes_too():
    outcome = run(program("threads: {A: {count: 2, steps: [{compute: 0.2}]}}"))
    assert outcome.cpu > 0.4
