"""Templates: text with holes, whose formats can neither reach attributes nor grow without bound."""

import pytest

from scenario import syntax as s
from scenario.spec.faults import Fault
from scenario.spec.readers.expressions import template_field
from scenario.spec.yaml.values import Scalar, Text

X = s.Name("x")


def parts(text):
    return template_field(Text(text)).parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("hello", ("hello",)),
        ("{x}", (s.Hole(X),)),
        ("a {x} b", ("a ", s.Hole(X), " b")),
        ("{x!r}", (s.Hole(X, "r"),)),
        ("{x:>5}", (s.Hole(X, "", ">5"),)),
        ("{x!s:*^9.2f}", (s.Hole(X, "s", "*^9.2f"),)),
        ("{{x}}", ("{x}",)),
        ("{{{x}}}", ("{", s.Hole(X), "}")),
        ("{ x }", (s.Hole(X),)),
        ("{x != 1}", (s.Hole(s.Compare(X, ("!=",), (s.Const(1),))),)),
        ("{x['}']}", (s.Hole(s.Subscript(X, s.Const("}"))),)),
        ("{x[1:2]}", (s.Hole(s.Subscript(X, s.Slice(s.Const(1), s.Const(2)))),)),
        ("{'a:b'}", (s.Hole(s.Const("a:b")),)),
        ("{ {1: 2}[1] }", (s.Hole(s.Subscript(s.DictDisplay((s.Const(1),), (s.Const(2),)), s.Const(1))),)),
    ],
)
def test_parts(text, expected):
    assert parts(text) == expected


def test_a_number_is_printed_as_it_is_written():
    assert template_field(Scalar(1.5, "1.50")).parts == ("1.50",)


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{x", "x}", "{}", "{ }", "{!r}", "{:5}", "{x!}", "{x!q}", "{x!r", "{x!rr}", "{x:", "{x:{y}}", "{x:>1001}",
     "{x:.1001f}", "{x:99999999999}", "{x:%Y}", "{x:q}", "{x:>>5>}"],
)  # fmt: skip
def test_what_is_wrong_with_a_hole_is_told(text):
    with pytest.raises(Fault) as caught:
        parts(text)
    assert caught.value.diagnostics[0].code == "SC208"


@pytest.mark.parametrize(
    "text", ["{x.__class__}", "{x:{x.__class__}}", "{x!r:{x}}", "{__import__('os')}", "{x.__init__.__globals__[y]}"]
)
def test_no_hole_reaches_an_attribute_of_pythons(text):
    with pytest.raises(Fault):
        parts(text)


@pytest.mark.parametrize("text", ["{x y}", "{x=}", "{lambda: 1}", "{x:=5", "{'}"])
def test_what_is_wrong_inside_a_hole_is_told(text):
    with pytest.raises(Fault):
        parts(text)
