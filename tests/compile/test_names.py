"""Names: one namespace, locals by assignment, and what may be read where."""

import pytest
from compile.files import check, diagnostics, program, steps

KEYS = """\
params: {rounds: 3}
vars: {counter: 0}
primitives: {lock: Lock, ready: Event, slots: {Semaphore: 2}, q: Queue, simple: SimpleQueue, tls: local, pair: {array: 2, of: Lock}}
routines:
  work: {params: [n], steps: [return: n]}
"""


def marked(text, **options):
    return check(steps(text, KEYS), **options)


def hint(text):
    (found,) = diagnostics(steps(text, KEYS))
    return found.hint


@pytest.mark.parametrize(
    "step",
    [
        "- x = ⟨SC301 conter⟩ + 1",
        "- ⟨SC301 conter⟩ += 1",
        "- print: 'so far {⟨SC301 conter⟩}'",
        "- while: ⟨SC301 going⟩\n  do: [pass]",
        "- put: q\n  item: ⟨SC301 red⟩",
        "- x = [⟨SC301 i⟩ for k in range(3)]",
        "- x = [k for k in range(3)]\n- y = ⟨SC301 k⟩",
        "- x = ⟨SC301 error⟩",
        "- counter = ⟨SC301 n⟩",
    ],
)
def test_a_name_that_nothing_assigns_is_an_error_where_it_stands(step):
    marked(step)


@pytest.mark.parametrize(
    "step",
    [
        "- x = counter + rounds + index + len(name)",
        "- counter += 1",
        "- later = 1\n- x = later",
        "- if: index\n  then: [x = y]\n- y = 1",
        "- get: q\n  into: got\n- print: '{got}'",
        "- for: i, k\n  in: '[(1, 2)]'\n  do: [x = i + k]",
        "- first, *rest = [1, 2]\n- x = rest",
        "- repeat: 2\n  as: i\n  do: [x = i]",
        "- choose: c\n  from: [1, 2]\n- x = c",
        "- x = [k + j for k in range(3) for j in range(k)]",
        "- try: [pass]\n  except: {ValueError: [x = error]}",
        "- wait_futures: '[]'\n  into: [done, pending]\n- x = done",
        "- tls.x = 1\n- x = tls.x",
    ],
)
def test_names_that_something_assigns_may_be_read(step):
    assert diagnostics(steps(step, KEYS)) == ()


def test_the_nearest_name_is_proposed_and_a_text_explained():
    assert hint("- x = conter") == "did you mean `counter`? (a text is written \"'conter'\")"
    assert hint("- put: q\n  item: zzzz") == "declare it under `vars` (a text is written \"'zzzz'\")"


def test_a_local_of_another_thread_is_not_known():
    check("""\
scenario: x
threads:
  A: {steps: [x = 1]}
  B: {steps: [y = ⟨SC301 x⟩]}
""")


def test_a_threads_own_names_are_no_claims():
    check("""\
scenario: x
threads:
  A: {steps: [x = 1]}
expect: [⟨SC301 name⟩ == 'A', ⟨SC301 x⟩ == 1]
""")


def test_an_unknown_object_is_reported_once():
    found = check("""\
scenario: x
threads:
  worker: {steps: [x = ⟨SC301 y⟩.upper()]}
expect: [⟨SC301 worke⟩.x == 1, ⟨SC301 B⟩.is_alive()]
""")
    assert [d.hint for d in found] == [
        "no thread, primitive or variable has this name",
        "did you mean `worker`?",
        "no thread, primitive or variable has this name",
    ]


def test_a_thread_with_a_hyphen_is_not_named_in_expressions():
    found = check("""\
scenario: x
threads:
  Worker-1: {steps: [x = 1]}
expect: [⟨SC301 Worker⟩-1 == 1]
""")
    assert "hyphen" in found[0].hint


@pytest.mark.parametrize(
    "step",
    [
        "- ⟨SC302 lock⟩ = 1",
        "- ⟨SC302 A⟩ = 1",
        "- ⟨SC302 work⟩ = 1",
        "- ⟨SC302 len⟩ = 1",
        "- ⟨SC302 name⟩ = 'me'",
        "- ⟨SC302 error⟩ = ''",
        "- ⟨SC302 all⟩ = 1",
        "- for: ⟨SC302 lock⟩\n  in: range(3)\n  do: [pass]",
        "- get: q\n  into: ⟨SC302 ready⟩",
        "- x = [1 for ⟨SC302 counter⟩ in range(3)]",
        "- 'x = {k: 1 for ⟨SC302 rounds⟩ in range(3) for k in range(2)}'",
    ],
)
def test_nothing_is_shadowed(step):
    marked(step)


@pytest.mark.parametrize(
    "keys",
    [
        "params: {⟨SC302 len⟩: 1}",
        "params: {a: 1}\nvars: {⟨SC302 a⟩: 1}",
        "vars: {⟨SC302 index⟩: 1}",
        "vars: {a: 1}\nprimitives: {⟨SC302 a⟩: Lock}",
        "vars: {a: 1}\nroutines:\n  ⟨SC302 a⟩: {steps: [pass]}",
        "vars: {a: 1}\nroutines:\n  r: {params: [b, ⟨SC302 a⟩], steps: [pass]}",
    ],
)
def test_all_names_of_a_file_are_different(keys):
    check(f"scenario: x\n{keys}\nthreads:\n  B: {{steps: [pass]}}\n")


def test_a_thread_is_not_called_main():
    check("scenario: x\nthreads:\n  ⟨SC302 main⟩: {steps: [pass]}\n")


@pytest.mark.parametrize(
    "step",
    [
        "- x = ⟨SC303 lock⟩",
        "- x = [⟨SC303 A⟩]",
        "- x = ⟨SC303 work⟩",
        "- x = ⟨SC303 len⟩",
        "- x = ⟨SC303 pair⟩[0]",
        "- x = ⟨SC303 all⟩",
    ],
)
def test_what_is_no_value_can_not_be_one(step):
    marked(step)


@pytest.mark.parametrize(
    "step",
    ["- ⟨SC304 rounds⟩ = 1", "- ⟨SC304 rounds⟩ += 1", "- repeat: 2\n  as: ⟨SC304 rounds⟩\n  do: [pass]"],
)
def test_params_are_constant(step):
    marked(step)


def test_a_params_list_is_constant():
    check("""\
scenario: x
params: {words: [a, b]}
threads:
  A:
    steps:
      - ⟨SC304 words⟩.append(1)
      - ⟨SC304 words⟩[0] = 1
      - del ⟨SC304 words⟩[0]
      - mine = words
      - mine.append(1)
""")


@pytest.mark.parametrize(
    "step",
    [
        "- x = ⟨SC305 open⟩('f')",
        "- x = ⟨SC305 work⟩(1)",
        "- x = ⟨SC306 name.format⟩(1)",
        "- x = ⟨SC306 name.result⟩()",
        "- x = ⟨SC307 name.upper⟩",
        "- x = ⟨SC307 index.real⟩",
    ],
)
def test_functions_methods_and_attributes_are_a_closed_list(step):
    marked(step)


def test_a_routine_is_called_by_a_verb():
    assert hint("- x = work(1)") == "write a step `call: work` with `into`"


@pytest.mark.parametrize(
    "step",
    [
        "- x = ⟨SC308 lock.owner⟩",
        "- x = ⟨SC308 lock.locked⟩",
        "- x = ⟨SC308 ready.set_it⟩()",
        "- x = ⟨SC308 simple.full⟩()",
        "- x = ⟨SC308 q.unfinished_tasks⟩()",
        "- x = ⟨SC308 slots.value⟩",
        "- x = ⟨SC308 A.blocked⟩",
        "- x = ⟨SC308 A.is_alive⟩",
        "- atomic: x = ⟨SC308 slots.value⟩",
    ],
)
def test_only_listed_state_can_be_asked_and_only_where_it_stands_still(step):
    marked(step)


def test_state_that_can_be_asked():
    text = """\
- x = [lock.locked(), ready.is_set(), q.qsize(), q.empty(), q.full(), q.unfinished_tasks, pair[index].locked()]
- y = [A.is_alive(), A.name, A.daemon, A.alive, simple.qsize(), simple.empty()]
- await: slots.value == 2 and A.blocked == 0
"""
    more = "expect: {always: [slots.value >= 0, A.blocked == 0], reachable: [slots.value == 0], final: [slots.value == 2]}\n"
    assert diagnostics(steps(text, KEYS) + more) == ()


def test_a_primitives_method_is_a_step():
    found = marked("- ⟨SC323 lock.acquire⟩()")
    assert found[0].hint == "write a step `acquire: lock`"
    marked("- x = ⟨SC323 q.get⟩()")
    marked("- ⟨SC323 A.join⟩()")


@pytest.mark.parametrize("values", ["[counter, rounds]", "[name]", "[[counter]]"])
def test_a_list_of_known_names_was_meant_as_an_expression(values):
    found = marked(f"- choose: x\n  from: ⟨SC312 {values}⟩")
    assert f'quote it: "{values}"' in found[0].hint


@pytest.mark.parametrize("values", ["[red, green]", "[1, 2]", "[]", "[counter, green]", '"[counter, rounds]"'])
def test_other_lists_are_themselves(values):
    assert diagnostics(steps(f"- choose: x\n  from: {values}", KEYS)) == ()


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file():
    check("""\
scenario: x
vars: {counter: 0}
threads:
  A:
    steps:
      - x = ⟨SC301 conter⟩
      - ⟨SC306 counter.foo⟩()
expect: [⟨SC301 countr⟩ == 1]
""")


def test_what_needs_python_3_13_says_so():
    keys = "primitives: {q: Queue}\n"
    for step in (
        "- shutdown: q",
        "- raise: ShutDown",
        "- x = q.is_shutdown",
        "- try: [pass]\n  except: {ShutDown: [pass]}",
    ):
        assert program(steps(step, keys)).requires_python == ">=3.13"
    assert program(steps("- pass", 'requires: {python: ">=3.12"}\n')).requires_python == ">=3.12"
    assert program(steps("- shutdown: q", keys + 'requires: {python: "<4"}\n')).requires_python == "<4,>=3.13"
    assert program(steps("- shutdown: q", keys + 'requires: {python: ">=3.13, <4"}\n')).requires_python == ">=3.13,<4"
    assert program(steps("- get: q", keys)).requires_python is None
