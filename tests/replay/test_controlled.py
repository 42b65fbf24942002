"""Single steps of a schedule on the real primitives."""

from dataclasses import replace

import pytest
from replay.steps import played, program_of, random_walk, script_of

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads.controlled import replay, stage
from scenario.report.words.failures import message
from scenario.report.words.moves import in_words
from scenario.report.words.replays import left
from scenario.results.token import decode

LOST = """\
scenario: lost
vars: {x: 0}
threads:
  A: {count: 2, steps: [x += 1]}
"""
WAITERS = """\
scenario: waiters
vars: {first: null}
primitives: {c: Condition}
threads:
  W:
    count: 2
    steps:
      - with: c
        do:
          - wait: c
          - if: first is None
            then: [first = index]
  N: {steps: [{with: c, do: [{notify: c}]}]}
expect: {deadlock: possible}
"""
TIMED = """\
scenario: timed
vars: {got: null}
primitives: {lock: Lock}
threads:
  A: {steps: [{acquire: lock}]}
  B: {steps: [{acquire: lock, timeout: 1000, into: got}]}
"""
BARRIER = """\
scenario: barrier
vars: {broken: 0}
primitives: {gate: {Barrier: {parties: 2, timeout: 1000}}}
threads:
  A: {steps: [{wait: gate, raises: BrokenBarrierError}, broken += 1]}
"""
STUCK = """\
scenario: stuck
primitives: {a: Lock, b: Lock}
threads:
  A: {steps: [{with: a, do: [{with: b, do: [pass]}]}]}
  B: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}
"""

TWICE = """\
scenario: twice
vars: {x: 0}
threads:
  A: {count: 2, steps: [{choose: k, from: "[1, 2]"}, x += k, {choose: x, from: "[5, 7]"}]}
"""
POLITE = """\
scenario: polite
vars: {turns: 0}
primitives: {a: Lock, b: Lock}
threads:
  A: {steps: [{while: true, do: [{acquire: a}, {acquire: b, blocking: false}, {release: a}]}]}
  B: {steps: [{acquire: b}]}
"""
POOL = """\
scenario: pool
vars: {seen: []}
primitives: {pool: {ThreadPoolExecutor: 2}}
routines:
  one: {params: [n], steps: ["seen.append(n)"]}
main:
  - {submit: one, to: pool, args: [1], into: f}
  - {submit: one, to: pool, args: [2], into: g}
"""


def test_reads_and_writes_come_in_the_schedules_order():
    assert played(LOST, "A[0],A[1],A[0],A[1]").outcome.shared == {"x": 1}
    assert played(LOST, "A[0]*2,A[1]*2").outcome.shared == {"x": 2}


def test_a_notification_wakes_whom_the_schedule_says():
    queued = "W[0]*2,W[1]*2,N"
    first = played(WAITERS, f"{queued},N,N,W[0]*4")
    second = played(WAITERS, f"{queued},N:1,N,W[1]*4")
    assert (first.outcome.shared, second.outcome.shared) == ({"first": 0}, {"first": 1})
    assert not first.exempt
    assert second.exempt == ("waiter",)


def test_a_spurious_wake_up_is_labelled():
    text = WAITERS.replace("expect:", "explore: {spurious: true}\nexpect:")
    replayed = played(text, "W[0]*2,W[0],W[0]*4")
    assert replayed.outcome.shared == {"first": 0}
    assert replayed.exempt == ("spurious",)


def test_a_timeout_takes_no_time():
    replayed = played(TIMED, "A,B,B")
    assert replayed.diverged is None
    assert replayed.outcome.shared == {"got": False}


def test_a_barrier_times_out_where_the_schedule_says():
    replayed = played(BARRIER, "A*4")
    assert (replayed.diverged, replayed.outcome.shared) == (None, {"broken": 1})


def test_a_deadlock_is_seen_on_the_real_locks():
    replayed = played(STUCK, "A,B")
    assert (replayed.outcome.end, replayed.diverged) == ("deadlock", None)
    assert [b.thread for b in replayed.outcome.blocked] == ["A", "B"]


def test_a_script_that_the_real_objects_do_not_follow_is_told(monkeypatch):
    monkeypatch.setattr(stage, "PATIENCE", 0.3)
    program = program_of(STUCK)
    script = script_of(program, "A,B")
    wrong = replace(script, cues=(*script.cues, script.cues[0]))
    left_it = replay(program, wrong).diverged
    assert left_it is not None
    assert left(left_it) == "step 3: A does not come through this step: it waits for lock b"


def test_each_step_is_told_when_it_is_taken():
    program = program_of(LOST)
    seen = []
    replay(
        program,
        script_of(program, "A[0]*2,A[1]*2"),
        on_step=lambda number, cue: seen.append((number, in_words(cue.move))),
    )
    assert seen == [(0, "read x -> 0"), (1, "x = 1"), (2, "read x -> 1"), (3, "x = 2")]


def test_each_choice_is_the_schedules():
    program = program_of(TWICE)
    schedule = decode(f"1:{program.digest}:A[0],A[0],A[0],A[1],A[1]:1,A[1]")
    ends = {replay(program, script).outcome.shared["x"] for script in retrace(program, schedule)}
    assert ends == {7}


def test_a_livelock_is_back_where_it_began():
    replayed = played(POLITE, "B,A,A,A@1")
    assert (replayed.outcome.end, replayed.outcome.cycle) == ("livelock", ("A",))


def test_a_round_that_changes_something_is_no_livelock():
    text = POLITE.replace("{release: a}", "{release: a}, turns += 1")
    assert played(text, "B,A,A,A,A,A@1").outcome.end == "interrupted"


def test_a_worker_takes_a_call_when_the_schedule_says():
    replayed = played(POOL, "main*2,pool-worker[1]*3,pool-worker[0]*4,pool-worker[1],main")
    assert (replayed.diverged, replayed.outcome.end, replayed.outcome.shared) == (None, "finished", {"seen": [1, 2]})
    assert replayed.exempt == ("worker",)


INDICES = """\
scenario: indices
vars: {table: [[5, 6], [7, 8]], other: [10, 20], i: 1, j: 0, seen: []}
threads:
  A:
    steps:
      - table[i][j] += other[i - 1]
      - for: x
        in: table[i]
        do:
          - y = other[j]
          - seen.append(x + y)
"""


def test_an_index_that_was_read_is_kept_while_other_indices_are_read():
    program = program_of(INDICES)
    schedule, is_over, expected = random_walk(program, seed=1)
    replayed = replay(program, next(retrace(program, schedule)))
    assert is_over
    assert replayed.diverged is None
    assert replayed.outcome.shared == expected.shared
    assert replayed.outcome.shared["table"] == [[5, 6], [17, 8]]


def test_an_initializer_that_raises_breaks_the_real_pool():
    text = """\
scenario: broken
primitives: {pool: {ThreadPoolExecutor: {max_workers: 1, initializer: setup}}}
routines:
  setup: {steps: [{raise: ValueError}]}
  one: {steps: [pass]}
main:
  - {submit: one, to: pool, into: f}
  - {submit: one, to: pool, into: g, raises: BrokenThreadPool}
  - {result: f, raises: BrokenThreadPool}
"""
    done = played(text, "main,pool-worker[0]*3,main*3")
    assert (done.diverged, done.outcome.end, done.outcome.failures) == (None, "finished", ())


@pytest.mark.parametrize("initializer", ["pass", "if: begun == 2\n        then: [{raise: ValueError}]"])
def test_a_pool_whose_calls_are_thrown_away_does_what_the_explorer_says(initializer):
    text = f"""\
scenario: thrown-away
vars: {{log: [], begun: 0}}
primitives: {{pool: {{ThreadPoolExecutor: {{max_workers: 2, initializer: begin}}}}}}
routines:
  begin:
    steps:
      - {{atomic: begun += 1}}
      - {initializer}
  work: {{params: [n], steps: [log.append(n)]}}
threads:
  A:
    steps:
      - try:
          - {{repeat: 3, as: n, do: [{{submit: work, to: pool, args: [n]}}]}}
        except: {{BrokenThreadPool: [log.append('broken')]}}
      - {{shutdown: pool, wait: false, cancel_futures: true}}
  B:
    steps:
      - try: [{{submit: work, to: pool, args: [7]}}]
        except: {{RuntimeError: [log.append('late')]}}
"""
    program = program_of(text)
    for seed in range(12):
        schedule, is_over, expected = random_walk(program, seed)
        replayed = replay(program, next(retrace(program, schedule)))
        assert replayed.diverged is None
        assert replayed.outcome.shared == expected.shared
        assert replayed.outcome.end == ("finished" if is_over else "deadlock")


@pytest.mark.parametrize(
    ("start", "become", "change"),
    [
        ("null", "x = []", "x += [n]"),
        ("[]", "x = 0", "x += n"),
        ("0", "x = set()", "x |= {n}"),
        ("[0]", "x.append(5)", "x += [y]"),
        ("null", "x = [7]", "x += [y]"),
        ("0", "x = 7", "x += y"),
        ("{}", "x['k'] = []", "x['k'] += [y]"),
    ],
)
def test_an_augmented_assignment_takes_as_many_steps_as_the_explorer_says(start, become, change):
    text = f"""\
scenario: augmented
vars: {{x: {start}, y: 1}}
threads:
  A: {{steps: [n = 1, {{try: ["{change}"], except: {{Exception: [pass]}}}}]}}
  B: {{steps: [n = 2, {{try: ["{change}"], except: {{Exception: [pass]}}}}]}}
  C: {{steps: ["{become}", y = 3]}}
"""
    program = program_of(text)
    for seed in range(12):
        schedule, over, expected = random_walk(program, seed)
        replayed = replay(program, next(retrace(program, schedule)))
        assert over
        assert replayed.diverged is None
        assert replayed.outcome.shared == expected.shared


def test_who_has_timed_out_once_is_stuck_all_the_same():
    text = """\
scenario: impatient
primitives: {lock: Lock}
threads:
  A: {steps: [{acquire: lock}]}
  B: {steps: [{acquire: lock, timeout: 1000}, {acquire: lock}]}
"""
    done = played(text, "A,B")
    assert (done.diverged, done.outcome.end) == (None, "deadlock")


def test_waiting_for_a_predicate_with_no_time_waits_once():
    text = """\
scenario: short
vars: {n: 0, told: false}
primitives: {c: Condition}
threads:
  A: {steps: [{with: c, do: [{wait_for: c, until: n > 0, timeout: 0, into: ok}]}]}
  B: {steps: [{with: c, do: [n += 1, {notify: c}]}]}
expect: {observe: [A.ok]}
"""
    done = played(text, "A*3,B*5,A*3")  # acquire, read, queue up; B; take the lock back, read, release
    assert (done.diverged, done.outcome.end, done.outcome.registers["A"]["ok"]) == (None, "finished", True)


def test_raises_names_what_came_instead_as_a_run_does():
    text = "scenario: x\nvars: {x: 0}\nthreads: {A: {steps: [x = 1, {raise: ValueError, message: no, raises: KeyError}]}}\n"
    (failure,) = played(text, "A").outcome.failures
    assert message(failure) == "KeyError was expected, and ValueError: no was raised"


def test_a_message_that_raises_takes_the_place_of_the_failed_assert():
    text = "scenario: x\nvars: {x: 0}\nthreads: {A: {steps: [x = 0, {assert: false, message: '{1 // 0}'}]}}\n"
    outcome = played(text, "A").outcome
    assert (outcome.failures, outcome.errors["A"].name) == ((), "ZeroDivisionError")
