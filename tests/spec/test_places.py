"""A diagnostic inside an expression stands at its own column, however YAML wrote the text."""

import pytest
from spec.files import complete, slice_of, wrong

from scenario.source import Span
from scenario.spec.python.origin import Origin
from scenario.spec.yaml.values import Text


@pytest.mark.parametrize(
    "step",
    [
        "- x = y.__class__",
        "- 'x = y.__class__'",
        '- "x = y.__class__"',
        "- 'x = [''it''''s''] + y.__class__'",
        '- "x = \\"a\\" + \'\\x41\\u00e9\' + y.__class__"',
        "- x = 'é🎉' + y.__class__",
        "-   'x = 1 + y.__class__'  # why",
        "- print: hello {y.__class__}!",
        "- print: 'it''s {y.__class__!r:>5}'",
        '- print: "tab\\t{y.__class__}"',
        "- {sleep: y.__class__}",
        "- {acquire: 'forks[y.__class__]'}",
        "- {get: jobs, into: 'got[y.__class__]'}",
        "- {call: r, args: [1, y.__class__]}",
        "- {call: r, args: {n: y.__class__}}",
        "- {choose: x, from: '[1, y.__class__]'}",
        "- {if: y.__class__, then: []}",
        "- {atomic: x = y.__class__}",
    ],
)
def test_on_one_line(step):
    assert slice_of(complete(step + "\n"), wrong(step + "\n")) == "y.__class__"


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("- |\n  x = y.__class__\n", 6),
        ("- |-\n  x = 1 + (\n    2 + y.__class__)\n", 7),
        ("- >\n  x = 1 +\n  y.__class__\n", 7),
        ("- x = 1 +\n    y.__class__\n", 6),
        ("- 'x = 1 +\n\n   y.__class__'\n", 7),
        ('- "x = 1 + \\\n   y.__class__"\n', 6),
        ('- "x = 1 + \n   \\x20y.__class__"\n', 6),
        ("- {call: r, args: [1,\n  \"'é🎉' +\n  y.__class__\",\n  2]}\n", 7),
        ("- print: |\n    hello\n    {y.__class__}\n", 7),
    ],
)
def test_on_several_lines(step, line):
    found = wrong(step)
    assert found.span.line == line
    assert slice_of(complete(step), found) == "y.__class__"


def test_a_statement_keeps_where_it_stands():
    from spec.files import step

    assert step("- x = counter + 1\n").value.left.span == Span(5, 13, 5, 20)


@pytest.mark.parametrize("style", ["", "'", '"', "|", ">"])
def test_any_text_gives_a_place(style):
    text = Text("a  b\n\nc d", Span(3, 5, 9, 1), f"{style}x\n  a b\n c d", style)
    for start in range(len(text) + 2):
        span = Origin(text).span(start, start + 1)
        assert span.line >= 3
        assert span.column >= 1
