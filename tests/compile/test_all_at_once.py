"""All the mistakes of a file in one look, whatever stage finds them, and nothing that only follows from them."""

import itertools

import pytest
from compile.files import check, diagnostics, steps


def test_mistakes_of_every_stage_are_told_together_in_the_order_of_the_file():
    check(
        """\
scenario: many
⟨SC101 tgas⟩: [a]
params: {n: 3}
vars:
  counter: 0
  ⟨SC007 counter⟩: 1
  ⟨SC111 my total⟩: 0
primitives:
  lock: Lock
  gate: {Barrier: {⟨SC101 partys⟩: 2}}
  mutex: ⟨SC112 Mutex⟩
  slots: {Semaphore: ⟨SC344 -1⟩}
  forks: {array: n, of: Lock}
  ⟨SC111 my-lock⟩: Lock
routines:
  work: {params: [a, ⟨SC111 1b⟩], steps: [x = ⟨SC202 a @ 3⟩, return: ⟨SC301 y⟩]}
threads:
  A:
    steps:
      - ⟨SC103 aquire⟩: lock
      - counter = ⟨SC301 conter⟩ + 1
      - wait: ⟨SC321 lock⟩
      - with: mutex
        do:
          - acquire: mutex
          - nothing = ⟨SC301 nobody⟩
      - {⟨SC103 foo⟩: bar, into: item}
      - print: "{item} {⟨SC301 itm⟩} ⟨SC208 {}⟩ {1 +⟨SC201 ⟩}"
      - {call: work, args: [1]}
      - call: ⟨SC325 wrok⟩
      - acquire: forks[⟨SC324 9⟩]
      - {with: my-lock, do: [pass]}
      - ⟨SC330 break⟩
  B:
    ⟨SC101 cuont⟩: 3
    ⟨SC101 step⟩: [counter -= 1, wait: gate, wait: ⟨SC320 gate2⟩]
expect:
  - counter == ⟨SC301 totl⟩
  - A.item == 3
  - ⟨SC309 A.itemm⟩ == 3
"""
    )


@pytest.mark.parametrize(
    "step",
    [
        "- 'x = (⟨SC202 lambda: 0⟩) + ⟨SC301 cuonter⟩ + ⟨SC203 [].__class__⟩'",
        "- print: '{⟨SC301 a⟩} ⟨SC208 {}⟩ {⟨SC301 b⟩} ⟨SC208 }⟩ {⟨SC301 c⟩:⟨SC208 ö⟩}'",
        "- {call: r, args: [⟨SC202 1j⟩, ⟨SC301 a⟩, ⟨SC202 ...⟩]}",
        "- {⟨SC103 wihle⟩: ⟨SC301 a⟩, do: [break, x = ⟨SC301 b⟩]}",
        "- {⟨SC103 unheard⟩: of, do: [break, x = ⟨SC301 b⟩, {with: ⟨SC320 l⟩, do: []}]}",
        "- {print: '{⟨SC301 a⟩}', ⟨SC104 sleep⟩: 3}",
        "- {acquire: ⟨SC320 lokc⟩, ⟨SC106 item⟩: 3, ⟨SC101 timout⟩: ⟨SC301 a⟩}",
        "- {acquire: lokc, raises: ⟨SC113 Foo⟩}",
        "- {try: [⟨SC207 acquire lock⟩, x = ⟨SC301 a⟩], except: {⟨SC113 Foo⟩: [y = ⟨SC301 b⟩], KeyError: [⟨SC108 5⟩]}}",
        "- {with: [⟨SC209 a.b⟩, ⟨SC320 l⟩], do: [x = ⟨SC301 b⟩]}",
        "- {if: ⟨SC202 1j⟩, then: [x = ⟨SC301 b⟩], elif: [{⟨SC102 if⟩: ⟨SC301 c⟩}]}",
        "- {for: ⟨SC206 f(1)⟩, in: ⟨SC301 xs⟩, do: [y = ⟨SC301 b⟩]}",
    ],
)
def test_one_step_may_have_several(step):
    check(steps(f"{step}\n- z = ⟨SC301 zzz⟩", "routines:\n  r: {params: [a, b, c], steps: [pass]}\n"))


@pytest.mark.parametrize(
    "step",
    [
        "- ⟨SC103 unheard⟩: of\n  into: x",
        "- {⟨SC103 unheard⟩: of, as: x, do: [print: '{x}']}",
        "- {get: q, ⟨SC106 as⟩: x}",
        "- ⟨SC201 (⟩x = 3",
        "- '⟨SC207 for x in [1]: pass⟩'",
        "- ⟨SC108 x = {1⟩: 2}",
        "- {choose: 'x ⟨SC201 y⟩', from: [1]}",
    ],
)
def test_a_name_that_a_broken_step_may_assign_is_known(step):
    check(steps(f"{step}\n- print: '{{x}}'\n- x += 1", "primitives: {q: Queue}\n"))


USES = """\
threads:
  A:
    steps:
      - {acquire: thing, timeout: 1}
      - {wait: thing, into: got}
      - put: thing[0]
        item: thing.locked() + thing
      - {call: thing, args: [1, 2]}
      - {submit: thing, to: thing, args: {a: 1}}
      - {start: thing, raises: RuntimeError}
  B: {run: thing, args: {n: 3}}
expect: {final: [thing == 3, thing.x == 2, 'thing[0].y'], errors: {thing: ValueError}, deadlock: {possible: [thing]}}
"""


@pytest.mark.parametrize(
    "declaration",
    [
        "⟨SC101 data⟩: {thing: 0}\n",
        "⟨SC101 prims⟩: {thing: Lock}\n",
        "vars: ⟨SC107 [thing]⟩\n",
        "vars: {a: 1}\n⟨SC007 vars⟩: {thing: 1}\n",
        "vars: ⟨SC008 *base⟩\n",
        "vars: {⟨SC009 <<⟩: {thing: 1}}\n",
        "routines: ⟨SC107 thing⟩\n",
    ],
)
def test_what_a_broken_part_may_have_declared_is_not_asked_for(declaration):
    check(f"scenario: x\n{declaration}{USES}")


@pytest.mark.parametrize(
    ("declaration", "uses"),
    [
        (
            "primitives: {thing: ⟨SC112 Mutex⟩}\n",
            "[{acquire: thing}, {with: 'thing[0]', do: []}, {wait: thing}, x = thing.value]",
        ),
        ("primitives: {thing: {array: ⟨SC301 n⟩, of: Lock}}\n", "[{acquire: 'thing[7]'}]"),
        ("primitives: {thing: {array: 3, of: ⟨SC112 Mutex⟩}}\n", "[{acquire: 'thing[2]'}, {wait: 'thing[0]'}]"),
        ("primitives: {l: ⟨SC112 Mutex⟩, thing: {Condition: l}}\n", "[{acquire: thing}]"),
        ("primitives: {thing: {Barrier: {parties: 1, action: ⟨SC325 r⟩}}}\n", "[wait: thing]"),
        ("routines: {thing: {params: [⟨SC111 1a⟩], steps: [pass]}}\n", "[{call: thing}, {call: thing, args: {a: 1}}]"),
        ("routines: {thing: ⟨SC107 [pass]⟩}\n", "[{call: thing, args: [1]}]"),
        ("params: {thing: {expr: ⟨SC301 n⟩ + 1}, b: {expr: thing}}\nvars: {c: {expr: b}}\n", "[x = thing + b]"),
        ("vars: {thing: {expr: ⟨SC202 1j⟩}}\n", "[thing += 1]"),
        ("cases: [{⟨SC340 n⟩: 1}, ⟨SC107 3⟩]\n", "[pass]"),
    ],
)
def test_what_is_declared_in_a_broken_way_is_used_without_complaint(declaration, uses):
    check(f"scenario: x\n{declaration}threads: {{A: {{steps: {uses}}}}}\n")


def test_a_broken_thread_is_a_thread():
    check(
        "scenario: x\nthreads: {A: ⟨SC107 [x = 1, y = 2]⟩, B: {steps: [join: A, start: 'A[1]', join: ⟨SC320 C⟩]}}\n"
        "expect: {final: [A.x, 'A[2].y'], errors: {'A[1]': ⟨SC113 Foo⟩, ⟨SC360 D⟩: KeyError}}\n"
    )


def test_every_case_is_looked_at_and_what_they_share_is_told_once():
    found = diagnostics(
        "scenario: x\nparams: {n: 1}\ncases: [{n: 1}, {n: -1}, {n: many}]\nprimitives: {s: {Semaphore: n}}\n"
        "threads: {A: {steps: [x = y]}}\n"
    )
    assert [wrong.code for wrong in found] == ["SC344", "SC344", "SC301"]


def test_what_is_wrong_for_exploring_is_wrong():
    check("scenario: x\nparams: {n: 1}\nexplore: {params: {n: -1}}\nthreads: {A: {count: ⟨SC343 n⟩, steps: [pass]}}\n")


MISTAKES = [
    "- x = ⟨SC301 a⟩", "- ⟨SC103 aquire⟩: lock", "- {acquire: lock, ⟨SC101 tmeout⟩: 1}",
    "- wait: ⟨SC321 lock⟩", "- ⟨SC207 release lock⟩", "- {sleep: ⟨SC210 {}⟩}", "- ⟨SC330 continue⟩",
    "- {release: lock, ⟨SC322 n⟩: 2}", "- {with: lock, ⟨SC104 sleep⟩: 1, do: [x = ⟨SC301 b⟩]}",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [*itertools.permutations(MISTAKES, 2)])
def test_no_mistake_hides_another(one, other):
    check(steps(f"{one}\n{other}", "primitives: {lock: Lock}\n"))
