"""Verbs and what they are used on: kinds, elements, modifiers, arguments."""

import pytest
from compile.files import check, diagnostics, steps

KEYS = """\
vars: {n: 0}
primitives:
  lock: Lock
  again: RLock
  slots: {Semaphore: 2}
  ready: Event
  changed: Condition
  gate: {Barrier: 2}
  q: Queue
  simple: SimpleQueue
  tls: local
  pool: {ThreadPoolExecutor: 2}
  forks: {array: 5, of: Lock}
routines:
  square: {params: [x], steps: [return: x * x]}
  add: {params: [x, y], steps: [return: x + y]}
  nothing: {steps: [pass]}
"""
THREADS = """\
  worker: {count: 2, steps: [pass]}
  alarm: {timer: 1, steps: [pass]}
"""


def compiled(step):
    return steps(step, KEYS) + THREADS


@pytest.mark.parametrize(
    ("step", "right"),
    [
        ("- acquire: ⟨SC321 ready⟩", "write `wait: ready`"),
        ("- wait: ⟨SC321 lock⟩", "write `acquire: lock`"),
        ("- notify: ⟨SC321 ready⟩", "write `set: ready`"),
        ("- set: ⟨SC321 changed⟩", "write `notify_all: changed`"),
        ("- task_done: ⟨SC321 simple⟩", "a SimpleQueue has `put`, `get`"),
        ("- shutdown: ⟨SC321 simple⟩", "a SimpleQueue has `put`, `get`"),
        ("- join: ⟨SC321 simple⟩", "a SimpleQueue has `put`, `get`"),
        ("- wait: ⟨SC321 worker⟩", "write `join: worker`"),
        ("- {with: ⟨SC321 ready⟩, do: [pass]}", "an Event has `wait`, `set`, `clear`"),
        ("- {with: [lock, ⟨SC321 ready⟩], do: [pass]}", "an Event has `wait`, `set`, `clear`"),
        ("- ⟨SC353 cancel: worker[0]⟩", "`set` an event that it looks at; a task is cancelled (`runtimes: [asyncio]`)"),
        ("- start: ⟨SC321 pool⟩", "write `submit: pool`"),
        ("- {submit: square, to: ⟨SC321 q⟩, args: [1]}", "a Queue has `put`, `get`, `task_done`, `join`, `shutdown`"),
        ("- acquire: ⟨SC321 tls⟩", "statements use its fields: `tls.x = 1`"),
        ("- wait: ⟨SC321 forks⟩", "write `acquire: forks`"),
    ],
)
def test_a_wrong_verb_names_the_right_one(step, right):
    found = check(compiled(step))
    assert found[0].hint == right


@pytest.mark.parametrize(
    "step",
    [
        "- acquire: lock\n- release: lock",
        "- acquire: again\n- acquire: slots\n- acquire: changed",
        "- {release: slots, n: 2}",
        "- wait: ready\n- wait: changed\n- wait: gate",
        "- {wait_for: changed, until: n > 0, timeout: 1, into: n}",
        "- {notify: changed, n: 2}\n- notify_all: changed",
        "- set: ready\n- clear: ready\n- abort: gate\n- reset: gate",
        "- {put: q, item: 1, block: false}\n- {get: simple, timeout: 1}\n- task_done: q\n- join: q",
        "- {shutdown: q, immediate: true}\n- {shutdown: pool, wait: false, cancel_futures: true}",
        "- start: worker\n- start: worker[0]\n- start: all\n- join: all\n- join: main\n- {join: worker, timeout: 1}",
        "- cancel: alarm\n- start: alarm\n- join: alarm",
        "- {with: [lock, again, slots, changed, pool, 'forks[index]'], do: [pass]}",
        "- {submit: add, to: pool, args: {y: 1, x: 2}, into: f}\n- result: f\n- {cancel: f, into: n}",
        "- {map: square, to: pool, over: [1, 2], into: squares}",
        "- {map: square, to: pool, over: [1, 2], as: y, do: [break]}",
        "- {call: nothing}\n- {call: add, args: [1, 2]}",
    ],
)
def test_right_verbs(step):
    assert diagnostics(compiled(step)) == ()


@pytest.mark.parametrize(
    "step",
    [
        "- acquire: ⟨SC320 lok⟩",
        "- {with: [lock, ⟨SC320 agian⟩], do: [pass]}",
        "- acquire: ⟨SC320 n⟩",
        "- start: ⟨SC320 B⟩",
        "- start: ⟨SC320 main⟩",
        "- {submit: square, to: ⟨SC320 pol⟩, args: [1]}",
    ],
)
def test_refs_name_what_the_file_declares(step):
    check(compiled(step))


def test_of_several_near_names_the_one_that_fits_the_verb_is_proposed():
    keys = "primitives: {turn: Event, turns: Lock}\n"
    (found,) = diagnostics(steps("- acquire: turnz", keys))
    assert found.hint == "did you mean `turns`?"


@pytest.mark.parametrize(
    "step",
    [
        "- {release: lock, ⟨SC322 n⟩: 2}",
        "- {release: again, ⟨SC322 n⟩: 2}",
        "- {join: q, ⟨SC322 timeout⟩: 1}",
        "- {shutdown: q, ⟨SC322 wait⟩: true}",
        "- {shutdown: pool, ⟨SC322 immediate⟩: true}",
        "- {cancel: alarm, ⟨SC322 into⟩: n}",
    ],
)
def test_modifiers_fit_the_kind(step):
    check(compiled(step))


@pytest.mark.parametrize(
    "step",
    [
        "- acquire: ⟨SC324 forks⟩",
        "- acquire: forks[⟨SC324 5⟩]",
        "- acquire: forks[⟨SC324 -6⟩]",
        "- acquire: ⟨SC324 lock[0]⟩",
        "- start: worker[⟨SC324 2⟩]",
        "- join: ⟨SC324 all[0]⟩",
        "- x = ⟨SC324 worker⟩.is_alive()",
        "- x = worker[⟨SC324 2⟩].is_alive()",
        "- x = ⟨SC324 forks⟩.locked()",
        "- acquire: forks[⟨SC324 'a'⟩]",
    ],
)
def test_elements_are_those_that_there_are(step):
    check(compiled(step))


def test_a_constant_index_may_count_from_the_end():
    assert diagnostics(compiled("- acquire: forks[-1]\n- x = worker[-1].is_alive()")) == ()


@pytest.mark.parametrize(
    "step",
    [
        "- call: ⟨SC325 sqare⟩",
        "- call: ⟨SC325 lock⟩",
        "- {map: ⟨SC325 missing⟩, to: pool, over: [1]}",
        "- {call: ⟨SC326 square⟩}",
        "- {call: square, args: ⟨SC326 [1, 2]⟩}",
        "- {call: square, args: {x: 1, ⟨SC326 y⟩: 2}}",
        "- {call: add, args: ⟨SC326 {x: 1}⟩}",
        "- {submit: ⟨SC326 add⟩, to: pool}",
        "- {map: ⟨SC326 add⟩, to: pool, over: [1]}",
        "- {map: ⟨SC326 nothing⟩, to: pool, over: [1]}",
    ],
)
def test_routines_get_one_argument_a_parameter(step):
    check(compiled(step))


@pytest.mark.parametrize(
    "step",
    [
        "- {acquire: 'forks[5]', raises: IndexError}",
        "- {acquire: 'forks[5]', raises: LookupError}",
        "- {release: lock, n: 2, raises: TypeError}",
        "- {acquire: ready, raises: AttributeError}",
        "- {task_done: simple, raises: AttributeError}",
        "- {call: square, raises: TypeError}",
        "- {call: square, args: {y: 1}, raises: TypeError}",
        "- {sleep: undefined, raises: NameError}",
        "- {try: ['x = undefined'], raises: NameError}",
        "- {try: ['results = [].index(3)'], raises: ValueError}",
        "- {try: ['[].index(3)'], raises: ValueError}",
        "- {with: lock, do: [{acquire: 'forks[5]'}], raises: IndexError}",
    ],
)
def test_a_static_rule_never_refuses_what_a_raises_expects(step):
    assert diagnostics(compiled(step)) == ()


def test_another_exception_expected_hides_nothing():
    check(compiled("- {acquire: 'forks[⟨SC324 5⟩]', raises: ValueError}"))


def test_a_raises_hides_nothing_after_it():
    check(compiled("- {acquire: 'forks[5]', raises: IndexError}\n- acquire: forks[⟨SC324 5⟩]"))
