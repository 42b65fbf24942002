"""Names and where they stand: what a rename changes is all of a name, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.editor.facts import facts
from scenario.editor.renaming import changed, refusal
from scenario.editor.text import lines_of
from scenario.source import Span

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED)
def test_a_file_of_which_every_name_is_another_is_as_valid_as_before(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    known = facts(text, path)
    assert known.names
    for number, named in enumerate(known.names):
        assert named.renames
        assert refusal(named, f"new{number}", known) is None
        after = facts(changed(text, named.uses, f"new{number}"), path)
        assert after.valid is known.valid, (named.name, after.mistakes)
        assert len(after.names) == len(known.names)
        assert [len(other.uses) for other in after.names] == [len(other.uses) for other in known.names]
        assert [m.code for m in after.mistakes] == [m.code for m in known.mistakes]


ODD = """\
scenario: odd
vars: {x: 0, "quoted": 1}
primitives: {c: {Condition: lock}, lock: Lock, gate: {Barrier: {parties: 2, action: tick}}}
routines:
  tick: {steps: [x = x + 1]}
  r: {params: [a, b], steps: [{return: a + b}]}
threads:
  two-part: {run: r, args: {a: x, b: '"x"'}}
  B:
    steps:
      - {call: r, args: {b: 1, a: x}, into: got}
      - print: "x is {x} {'x'} {{x}} {got:>4}"
      - 'y = [x for x_ in [x, quoted] if x_ != ''x'']'
      - |
        x = (x +
             x)
      - {acquire: "lock"}
      - {release: lock}
main:
  - start: all
  - {join: two-part}
  - {join: B}
expect:
  final: [B.got == 1, x >= 0]
  errors: {B: {possible: ValueError}}
  deadlock: {possible: [two-part, B]}
"""


def places(name, scope=""):
    """(line, column) from 1 of each place."""
    (named,) = [one for one in facts(ODD, "odd").names if (one.name, one.scope) == (name, scope)]
    return [(use[0] + 1, use[1] + 1) for use in named.uses]


def test_a_name_is_found_in_refs_templates_texts_of_several_lines_and_keys():
    assert facts(ODD, "odd").valid, facts(ODD, "odd").mistakes
    assert places("x") == [
        (2, 8), (5, 18), (5, 22), (8, 32), (11, 35), (12, 23), (13, 15), (13, 28), (15, 9), (15, 14), (16, 14), (24, 23),
    ]  # fmt: skip
    assert places("two-part") == [(8, 3), (21, 12), (26, 25)]
    assert places("B") == [(9, 3), (22, 12), (24, 11), (25, 12), (26, 35)]
    assert places("lock") == [(3, 29), (3, 36), (17, 20), (18, 19)]
    assert places("tick") == [(3, 85), (5, 3)]
    assert places("a", "r") == [(6, 16), (6, 40), (8, 29), (11, 32)]
    assert places("got", "B") == [(11, 45), (12, 39), (24, 13)]
    assert places("quoted") == [(2, 15), (13, 31)]


def test_columns_are_counted_as_editors_count_them():
    lines = lines_of("😀a: x\r\nb")
    assert lines.range(Span(1, 2, 1, 3)) == (0, 2, 0, 3)
    assert lines.lines == ["😀a: x", "b"]


def test_what_is_written_with_escapes_is_not_renamed_by_guess():
    text = 'scenario: e\nvars: {x: 0}\nthreads:\n  A: {steps: ["\\x78 = 1"]}\n'
    known = facts(text, "e")
    assert known.valid
    (named,) = [one for one in known.names if one.name == "x"]
    assert not named.renames or len(named.uses) == 2


@pytest.mark.parametrize(
    "steps",
    ["[{call: nosuch}]", "[{submit: nosuch, to: nosuch, args: {a: 1}}]", "[{acquire: nosuch}, nosuch.append(1)]"],
)
def test_what_nothing_declares_is_no_name(steps):
    known = facts(
        f"scenario: s\ncases: [{{n: 1}}]\nexplore: {{params: {{m: 1}}}}\nthreads: {{A: {{steps: {steps}}}}}\n", "s"
    )
    assert [one.name for one in known.names if not one.scope] == ["A"]
    assert known.mistakes
