"""Loops, exceptions, nesting, atomic blocks, statements."""

import pytest
from compile.files import check, diagnostics, steps

KEYS = """\
vars: {n: 0, results: []}
primitives: {lock: Lock, again: RLock, q: Queue, full: {Queue: 1}, simple: SimpleQueue, ready: Event, changed: Condition, gate: {Barrier: 2}, pool: {ThreadPoolExecutor: 1}}
routines:
  quick: {steps: [n += 1]}
  slow: {steps: [sleep: 1]}
  deep: {steps: [call: slow]}
  loop: {params: [k], steps: [{call: loop, args: [k]}]}
"""


def compiled(step):
    return steps(step, KEYS)


@pytest.mark.parametrize(
    "step",
    [
        "- ⟨SC330 break⟩",
        "- if: n\n  then: [⟨SC330 continue⟩]",
        "- ⟨SC330 raise⟩",
        "- try: [⟨SC330 raise⟩]\n  except: {ValueError: [pass]}",
        "- try: [pass]\n  finally: [⟨SC330 raise⟩]",
        "- try: [pass]\n  finally: [{try: [⟨SC330 raise⟩], raises: RuntimeError}]",  # what is on its way there is raised
    ],
)
def test_nothing_is_left_or_raised_again_where_there_is_nothing(step):
    check(compiled(step))


@pytest.mark.parametrize(
    "step",
    [
        "- repeat: 2\n  do: [{if: n, then: [break], else: [continue]}]",
        "- while: n\n  do: [{with: lock, do: [break]}]",
        "- for: i\n  in: range(3)\n  do: [{try: [break], finally: [pass]}]",
        "- {as_completed: f, in: '[]', do: [break]}",
        "- repeat: 2\n  do: [{atomic: [break]}]",
        "- try: [pass]\n  except: {ValueError: [{if: n, then: [raise]}]}",
        "- return\n- return: n",
    ],
)
def test_break_continue_raise_and_return_in_their_places(step):
    assert diagnostics(compiled(step)) == ()


def nested(levels, opening, inside="pass"):
    """`levels` blocks around one statement."""
    lines = [f"{'  ' * 2 * level}- {opening}\n{'  ' * 2 * level}  do:" for level in range(levels)]
    return "\n".join([*lines, f"{'  ' * 2 * levels}- {inside}"])


@pytest.mark.parametrize("opening", ["with: again", "while: n", "repeat: 2"])
def test_blocks_nest_18_deep(opening):
    assert diagnostics(compiled(nested(18, opening))) == ()
    text = compiled(nested(19, opening))
    (found,) = diagnostics(text)
    assert found.code == "SC331"
    assert sum(opening in line for line in text.split("\n")[: found.span.line]) == 19


@pytest.mark.parametrize(
    ("inside", "levels"),
    [
        ("{if: n, then: [pass]}", 0),
        ("{try: [pass], except: {ValueError: []}}", 2),
        ("{try: [pass], finally: [pass]}", 1),
        ("{try: [pass], finally: [pass], except: {ValueError: [pass]}}", 3),
        ("{with: [again, again], do: [pass]}", 2),
        ("{sleep: 0, raises: ValueError}", 2),
    ],
)
def test_what_counts_as_how_many_blocks(inside, levels):
    assert diagnostics(compiled(nested(18 - levels, "with: again", inside))) == ()
    if levels:
        found = diagnostics(compiled(nested(19 - levels, "with: again", inside)))
        assert {d.code for d in found} == {"SC331"}


@pytest.mark.parametrize(
    "step",
    [
        "- n += 1\n- ⟨SC332 {acquire: lock}⟩",
        "- ⟨SC332 {acquire: lock, timeout: 1}⟩",
        "- ⟨SC332 {with: lock, do: [pass]}⟩",
        "- pass\n- ⟨SC332 {get: q}⟩",
        "- pass\n- ⟨SC332 {put: full, item: 1}⟩",
        "- ⟨SC332 {wait: changed}⟩",
        "- ⟨SC332 {wait: gate}⟩",
        "- ⟨SC332 {wait: ready, timeout: 1}⟩",
        "- ⟨SC332 {sleep: 1}⟩",
        "- ⟨SC332 {submit: quick, to: pool}⟩",
        "- ⟨SC332 {call: slow}⟩",
        "- ⟨SC332 {call: deep}⟩",
        "- pass\n- ⟨SC332 {await: n}⟩",
        "- ⟨SC332 {shutdown: pool}⟩",
        "- ⟨SC332 {wait_futures: '[]'}⟩",
        "- if: n\n  then: [⟨SC332 {acquire: lock}⟩]",
        "- try: [⟨SC332 {acquire: lock}⟩]\n  finally: [pass]",
        "- atomic: [pass]\n- atomic: [⟨SC332 {acquire: lock}⟩]",
    ],
)
def test_only_the_first_step_of_an_atomic_block_may_block(step):
    indented = step.replace("\n", "\n    ")
    check(compiled(f"- atomic:\n    {indented}"))


@pytest.mark.parametrize(
    "step",
    [
        "- acquire: lock\n- n += 1\n- release: lock",
        "- get: q\n- n += 1",
        "- {put: full, item: 1}\n- n += 1",
        "- join: q",
        "- join: main",
        "- result: n",
        "- await: n",
        "- wait: ready",
        "- n += 1\n- {acquire: lock, blocking: false, into: n}\n- {get: q, block: false}\n- {put: q, item: 1}",
        "- n += 1\n- {put: simple, item: 1}\n- set: ready\n- notify_all: changed\n- {shutdown: pool, wait: false}",
        "- call: quick\n- {call: loop, args: [1]}",
        "- choose: x\n  from: [1, 2]\n- assert: x\n- print: '{x}'\n- return: x",
        "- repeat: 2\n  do: [{if: n, then: [{raise: ValueError}]}]",
        "- atomic: [{acquire: lock}, n += 1]",
        "- {acquire: lock, raises: ValueError}",
    ],
)
def test_what_an_atomic_block_may_hold(step):
    indented = step.replace("\n", "\n    ")
    assert diagnostics(compiled(f"- atomic:\n    {indented}")) == ()


def test_a_single_statement_may_stand_in_atomic():
    assert diagnostics(compiled("- atomic: n += 1")) == ()


@pytest.mark.parametrize("step", ["- ⟨SC336 results.count(1)⟩", "- ⟨SC336 name.upper()⟩", "- ⟨SC336 q.qsize()⟩"])
def test_a_statement_without_an_effect_is_an_error(step):
    check(compiled(step))


@pytest.mark.parametrize("step", ["- results.append(1)", "- x = [1]\n- x.sort()", "- 'x = {}'\n- x.update([])"])
def test_a_statement_that_changes_a_container_is_fine(step):
    assert diagnostics(compiled(step)) == ()
