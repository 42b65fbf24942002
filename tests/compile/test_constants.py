"""Params, cases, vars, primitives and threads: what is computed before anything runs."""

import sys

import pytest
from compile.files import check, diagnostics, program, programs

from scenario.compile import param_names
from scenario.program import program as made
from scenario.source import Source
from scenario.spec.load import load

THREAD = "threads: {A: {steps: [pass]}}\n"


def file(keys):
    return f"scenario: x\n{keys}\n{THREAD if 'threads:' not in keys else ''}"


def params_of(keys, overrides=None, **options):
    return [dict(p.params) for p in programs(file(keys), overrides, **options)]


# --- params and cases ---------------------------------------------------------------------------------


def test_overrides_go_from_params_over_cases_and_explore_to_the_command_line():
    keys = "params: {a: 1, b: 1, c: 1, d: 1}\ncases: [{b: 2, c: 2, d: 2}]\nexplore: {params: {c: 3, d: 3}}"
    assert params_of(keys, {"d": 4}) == [{"a": 1, "b": 2, "c": 2, "d": 4}]
    assert params_of(keys, {"d": 4}, exploring=True) == [{"a": 1, "b": 2, "c": 3, "d": 4}]


def test_cases_are_in_the_order_of_the_file_and_equal_ones_are_one():
    keys = "params: {a: 1, b: 0}\ncases: [{a: 3}, {a: 1}, {a: 3}, {b: 0, a: 1}]"
    assert params_of(keys) == [{"a": 3, "b": 0}, {"a": 1, "b": 0}]
    assert params_of(keys, {"a": 7}) == [{"a": 7, "b": 0}]


def test_1_and_1_0_are_different_cases():
    assert params_of("params: {a: 1}\ncases: [{a: 1}, {a: 1.0}, {a: true}]") == [{"a": 1}, {"a": 1.0}, {"a": True}]


def test_without_cases_there_is_one():
    assert params_of("params: {a: 1}") == [{"a": 1}]


def test_an_override_that_the_file_does_not_have_is_left_out():
    assert params_of("params: {a: 1}", {"b": 2}) == [{"a": 1}]
    assert param_names(load(Source("x", file("params: {a: 1}")))) == {"a"}


def test_params_are_computed_from_effective_params_in_any_order():
    keys = 'params: {total: {expr: "workers * rounds"}, workers: 2, rounds: 3}\ncases: [{}, {workers: 5}]'
    assert [p["total"] for p in params_of(keys)] == [6, 15]
    assert [p["total"] for p in params_of(keys, {"rounds": 1})] == [2, 5]


def test_a_text_param_is_that_text():
    assert params_of("params: {a: b, b: c}") == [{"a": "b", "b": "c"}]


@pytest.mark.parametrize(
    "keys",
    [
        "params: {a: 1}\ncases: [{a: 2}, {⟨SC340 b⟩: 2}]",
        "params: {a: 1}\nexplore: {params: {⟨SC340 b⟩: 2}}",
        "params: {a: {expr: b}, b: {expr: ⟨SC341 a⟩}}",
        "params: {a: {expr: ⟨SC341 a + 1⟩}}",
        "params: {a: {expr: ⟨SC342 1 // 0⟩}}",
        "params: {a: {expr: ⟨SC301 b⟩}}\nvars: {b: 1}",
        "params: {a: {expr: ⟨SC301 index⟩}}",
        "vars: {a: 1, b: {expr: ⟨SC303 a⟩}}",
        "vars: {a: {expr: ⟨SC305 now()⟩}}",
        'vars: {a: {expr: "⟨SC342 {}.keys()⟩"}}',
        "params: {a: {expr: ⟨SC342 1 // 0⟩}, b: {expr: a + 1}}\nthreads:\n  A: {count: a, steps: [x = a, {join: 'A[7]'}]}",
    ],
)
def test_what_can_not_be_computed_is_reported_once(keys):
    check(file(keys))


def test_pythons_own_message_is_given():
    (found,) = diagnostics(file("params: {a: {expr: 1 // 0}}"))
    assert found.message.endswith("ZeroDivisionError: integer division or modulo by zero")


def test_the_machine_can_not_be_exhausted():
    for expr in ("10 ** 10 ** 10", "[0] * 10 ** 9", "'x' * 10 ** 9"):
        (found,) = diagnostics(file(f'params: {{a: {{expr: "{expr}"}}}}'))
        assert "can not be computed" in found.message


def test_a_wrong_case_is_reported_although_another_is_right():
    check(file("params: {n: 1}\ncases: [{n: 1}, {n: -1}]\nthreads:\n  A: {count: ⟨SC343 n⟩, steps: [pass]}"))


def test_vars_are_computed_from_params():
    (only,) = programs(file('params: {n: 2}\nvars: {a: {expr: "[0] * n"}, b: [{expr: n}], c: n, d: null}'))
    assert {var.name: var.value for var in only.vars} == {"a": [0, 0], "b": [2], "c": "n", "d": None}


def test_params_become_constants():
    only = program(file("params: {n: 2}\nthreads:\n  A: {steps: [x = n]}"))
    assert only.groups[0].body[0].value.value == 2


def test_the_digest_changes_with_the_text_and_with_the_params():
    digests = {
        program(file("params: {n: 2}")).digest,
        program(file("params: {n: 3}")).digest,
        programs(file("params: {n: 2}"), {"n": 3})[0].digest,
        program(file("params: {n: 2} ")).digest,
    }
    assert len(digests) == 4
    assert program(file("params: {n: 2}")).digest == program(file("params: {n: 2}")).digest


# --- primitives ----------------------------------------------------------------------------------------


def test_every_kind_of_primitive_is_built_with_its_arguments():
    keys = """\
params: {n: 2}
primitives:
  a: Lock
  b: RLock
  c: {Semaphore: n + 1}
  d: {BoundedSemaphore: {value: 3}}
  e: Event
  f: {Condition: a}
  g: Condition
  h: {Barrier: {parties: n, action: tick, timeout: 5}}
  i: {Queue: {maxsize: 5}}
  j: LifoQueue
  k: {PriorityQueue: n}
  l: SimpleQueue
  m: local
  o: {ThreadPoolExecutor: {max_workers: n, initializer: tick, thread_name_prefix: "io{n}"}}
  p: {ProcessPoolExecutor: 2}
  q: Semaphore
routines:
  tick: {steps: [pass]}
"""
    assert [primitive.elements[0] for primitive in program(file(keys)).primitives] == [
        made.Lock(), made.RLock(), made.Semaphore(3), made.BoundedSemaphore(3), made.Event(),
        made.Condition(("a", None)), made.Condition(), made.Barrier(2, "tick", 5.0), made.Queue(5),
        made.LifoQueue(), made.PriorityQueue(2), made.SimpleQueue(), made.ThreadLocal(),
        made.ThreadPool(2, "tick", "io2"), made.ProcessPool(2), made.Semaphore(1),
    ]  # fmt: skip


def test_elements_of_an_array_may_differ_by_index():
    keys = """\
primitives:
  forks: {array: 3, of: Lock}
  slots: {array: 2, of: {Semaphore: index}}
  changed: {array: 3, of: {Condition: "forks[index]"}}
  none: {array: 0, of: Event}
"""
    forks, slots, changed, none = program(file(keys)).primitives
    assert forks.elements == (made.Lock(),) * 3
    assert forks.is_array
    assert slots.elements == (made.Semaphore(0), made.Semaphore(1))
    assert changed.elements[2] == made.Condition(("forks", 2))
    assert none.elements == ()


@pytest.mark.parametrize(
    ("primitive", "message"),
    [
        ("{Semaphore: ⟨SC344 -1⟩}", "ValueError: semaphore initial value must be >= 0"),
        ("{ProcessPoolExecutor: ⟨SC344 2 ** 31 - 1⟩}", "OverflowError: Python int too large to convert to C int"),
        ("{BoundedSemaphore: {value: ⟨SC344 -1⟩}}", "ValueError: semaphore initial value must be >= 0"),
        ("{Semaphore: \"⟨SC344 'x'⟩\"}", "TypeError: '<' not supported between instances of 'str' and 'int'"),
        ("{ThreadPoolExecutor: ⟨SC344 0⟩}", "ValueError: max_workers must be greater than 0"),
        ("{ProcessPoolExecutor: ⟨SC344 -2⟩}", "ValueError: max_workers must be greater than 0"),
        ("{ThreadPoolExecutor: \"⟨SC344 'x'⟩\"}", "TypeError: '<=' not supported between instances of 'str' and 'int'"),
        ("{Queue: \"⟨SC344 'x'⟩\"}", "a queue's maxsize is an integer, not 'x'"),
        ("{Barrier: ⟨SC344 1.5⟩}", "a barrier's number of parties is an integer, not 1.5"),
        ("{array: 2, of: {Semaphore: ⟨SC344 -index⟩}}", "ValueError: semaphore initial value must be >= 0"),
    ],
)
def test_what_a_constructor_refuses_makes_the_file_invalid(primitive, message):
    (found,) = check(file(f"primitives:\n  p: {primitive}"))
    assert found.message.endswith(message)


def test_a_barrier_of_no_parties_is_what_this_python_makes_of_it():
    found = diagnostics(file("primitives: {gate: {Barrier: 0}}"))
    assert [d.message for d in found] == (
        ["Barrier: ValueError: parties must be > 0"] if sys.version_info >= (3, 13) else []
    )


@pytest.mark.parametrize(
    "primitives",
    [
        "{lock: Lock, c: {Condition: ⟨SC345 loc⟩}}",
        "{e: Event, c: {Condition: ⟨SC345 e⟩}}",
        "{c: {Condition: ⟨SC345 c⟩}}",
        "{a: {array: 2, of: Lock}, c: {Condition: ⟨SC324 a⟩}}",
        "{a: {array: 2, of: Lock}, c: {Condition: 'a[⟨SC324 2⟩]'}}",
        "{a: {array: 2, of: Lock}, c: {array: 3, of: {Condition: 'a[⟨SC324 index⟩]'}}}",
        "{a: {array: ⟨SC343 -1⟩, of: Lock}}",
        "{a: {array: ⟨SC343 1.5⟩, of: Lock}}",
        "{a: {array: ⟨SC343 10 ** 9⟩, of: Lock}}",
        "{g: {Barrier: {parties: 2, action: ⟨SC325 tock⟩}}}",
        "{g: {Barrier: {parties: 2, action: ⟨SC326 takes⟩}}}",
        "{p: {ThreadPoolExecutor: {initializer: ⟨SC325 p⟩}}}",
    ],
)
def test_what_primitives_refer_to_is_there(primitives):
    check(
        file(f"primitives: {primitives}\nroutines:\n  tick: {{steps: [pass]}}\n  takes: {{params: [n], steps: [pass]}}")
    )


def test_processes_share_nothing():
    check("""\
scenario: x
params: {factor: 2}
vars: {total: 0}
primitives: {cpu: {ProcessPoolExecutor: {max_workers: 2, initializer: setup}}, lock: Lock, pool: ThreadPoolExecutor}
routines:
  fine: {params: [n], steps: [x = n * factor, return: x]}
  bad: {params: [n], steps: [⟨SC350 total⟩ += n, call: inner]}
  inner: {steps: [acquire: ⟨SC350 lock⟩, release: ⟨SC350 lock⟩]}
  setup: {steps: [x = ⟨SC350 lock⟩.locked()]}
  threaded: {params: [n], steps: [total += n]}
threads:
  A:
    steps:
      - {map: fine, to: cpu, over: [1, 2]}
      - {submit: bad, to: cpu, args: [1]}
      - {submit: threaded, to: pool, args: [1]}
""")


def test_a_module_that_was_not_allowed_is_refused_and_not_imported():
    text = file("python: {run: ⟨SC351 scenario_no_such_module:run⟩}")
    check(text)
    clean = file("python: {run: scenario_no_such_module:run}")
    (only,) = programs(clean, allowed_python={"scenario_no_such_module"})
    assert only.python["run"] == made.PythonCallable("run", "scenario_no_such_module", "run")
    assert "scenario_no_such_module" not in sys.modules


# --- threads -------------------------------------------------------------------------------------------


def groups_of(threads, keys=""):
    return program(f"scenario: x\n{keys}threads:\n  {threads}\n").groups


def test_names_of_threads():
    assert groups_of("A: {steps: [pass]}")[0].names == ("A",)
    assert groups_of("w: {count: 2, steps: [pass]}")[0].names == ("w-0", "w-1")
    assert groups_of("w: {count: n, name: 'T{index + n}', steps: [pass]}", "params: {n: 2}\n")[0].names == ("T2", "T3")
    assert groups_of("w: {count: 2, name: same, steps: [pass]}")[0].names == ("same", "same")
    assert groups_of("w: {count: 0, steps: [pass]}")[0].names == ()


def test_kinds_of_threads():
    (plain,) = groups_of("A: {steps: [pass]}")
    assert (plain.is_group, plain.daemon, plain.class_name, plain.timer) == (False, False, None, None)
    both = groups_of(
        "A: {class: Worker, steps: [pass]}\n  B: {timer: n / 2, daemon: n == 3, steps: [pass]}", "params: {n: 3}\n"
    )
    assert both[0].class_name == "Worker"
    assert (both[1].timer, both[1].daemon) == (1.5, True)


def test_a_routine_that_a_thread_runs_becomes_its_steps():
    keys = "routines:\n  work: {params: [a, b], steps: [c = a + b, return: c]}\n"
    (group,) = groups_of("A: {run: work, args: {b: index, a: 1}}", keys)
    assert [type(op).__name__ for op in group.body] == ["Assign", "Assign", "Assign", "Return"]
    assert [op.targets[0].name for op in group.body[:3]] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "threads",
    [
        "A: {count: ⟨SC343 -1⟩, steps: [pass]}",
        "A: {count: ⟨SC343 1.5⟩, steps: [pass]}",
        "A: {count: ⟨SC343 true⟩, steps: [pass]}",
        "A: {count: ⟨SC301 many⟩, steps: [pass]}",
        "A: {count: ⟨SC343 10 ** 9⟩, steps: [pass]}",
        "A: {name: 'T{⟨SC301 who⟩}', steps: [pass]}",
        "A: {count: 2, name: ⟨SC342 'T{1 // index}'⟩, steps: [pass]}",
        "A: {timer: \"⟨SC342 'x'⟩\", steps: [pass]}",
        "A: {daemon: \"⟨SC342 'x'⟩\", steps: [pass]}",
        "A: {run: ⟨SC325 wrok⟩}",
        "A: {run: ⟨SC326 work⟩}",
        "A: {run: work, args: {n: 1, ⟨SC326 m⟩: 2}}",
        "A: {run: work, args: {n: ⟨SC301 x⟩}}",
        "A: {daemon: ⟨SC347 true⟩, steps: [pass]}",
    ],
)
def test_threads_that_can_not_be(threads):
    check(f"scenario: x\nroutines:\n  work: {{params: [n], steps: [pass]}}\nthreads:\n  {threads}\n")


def test_daemons_beside_another_thread_or_a_main_are_fine():
    daemon = "scenario: x\nthreads:\n  A: {daemon: true, steps: [pass]}\n"
    assert diagnostics(daemon + "  B: {steps: [pass]}\n") == ()
    assert diagnostics(daemon + "main: [pass]\n") == ()
