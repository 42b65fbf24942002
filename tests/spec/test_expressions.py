"""Expressions: what the language has becomes the closed tree, all else is a diagnostic."""

import warnings

import pytest
from spec.files import complete, diagnostics, wrong

from scenario import syntax as s
from scenario.spec.faults import Fault
from scenario.spec.python.translate import MAX_DEPTH
from scenario.spec.readers.expressions import cancel_field, expr_field, ref_field, target_field
from scenario.spec.yaml.values import Text


def expr(text):
    return expr_field(Text(text))


def code(text):
    with pytest.raises(Fault) as caught:
        expr_field(Text(text))
    return caught.value.diagnostics[0].code


X, Y, ONE = s.Name("x"), s.Name("y"), s.Const(1)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", ONE),
        ("-1", s.Const(-1)),
        ("x", X),
        ("'a' 'b'", s.Const("ab")),
        ("not x", s.Unary("not", X)),
        ("x + 1", s.Binary("+", X, ONE)),
        ("x < y <= 1", s.Compare(X, ("<", "<="), (Y, ONE))),
        ("x is not None", s.Compare(X, ("is not",), (s.Const(None),))),
        ("x not in y", s.Compare(X, ("not in",), (Y,))),
        ("x and y and 1", s.Boolean("and", (X, Y, ONE))),
        ("x if y else 1", s.Conditional(Y, X, ONE)),
        ("x[1]", s.Subscript(X, ONE)),
        ("x[1:]", s.Subscript(X, s.Slice(ONE))),
        ("x[::1]", s.Subscript(X, s.Slice(None, None, ONE))),
        ("[x, *y]", s.ListDisplay((X, s.Starred(Y)))),
        ("(x,)", s.TupleDisplay((X,))),
        ("x, y", s.TupleDisplay((X, Y))),
        ("{x, y}", s.SetDisplay((X, Y))),
        ("{x: 1, **y}", s.DictDisplay((X, None), (ONE, Y))),
        ("[x for x in y if x]", s.Comprehension("list", X, (s.Clause(X, Y, (X,)),))),
        ("{x: 1 for x in y}", s.Comprehension("dict", ONE, (s.Clause(X, Y, ()),), X)),
        ("sum(x for x in y)", s.Call(s.Name("sum"), (s.Comprehension("generator", X, (s.Clause(X, Y, ()),)),))),
        ("sorted(x, reverse=y)", s.Call(s.Name("sorted"), (X,), (("reverse", Y),))),
        ("x.y", s.Attribute(X, "y")),
        ("x.y(1)", s.Call(s.Attribute(X, "y"), (ONE,))),
        ("  x  ", X),
        ("x +\n1", s.Binary("+", X, ONE)),
        ("0x1F", s.Const(31)),
        ("'''x\ny'''", s.Const("x y")),
    ],
)
def test_is_translated(text, tree):
    assert expr(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "lambda: 1", "(x := 1)", "f'{x}'", "await x", "b'x'", "1j", "...", "x @ y", "f(**x)", "x[1:2, 3]", "(yield)",
        "[x async for x in y]", "f((x for x in y), 1)", "(x for x in y)", "x()()", "(lambda: 1)()", "x[0]()", "''()",
    ],
)  # fmt: skip
def test_what_only_python_has_is_refused(text):
    assert code(text) == "SC202"


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "x.__class__", "''.__class__.__mro__", "x.__y", "[__x for __x in y]", "f(__a=1)", "__debug__"],
)
def test_dunder_is_refused(text):
    assert code(text) in ("SC203", "SC211", "SC206")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x +",
        "x y",
        "x = 1",
        "(",
        "1__0",
        "0777",
        "'x",
        "x # why",
        "# why",
        "if",
        "*x",
        "\x00",
        "\ud800",
        "x;",
        "a\u2028b",
    ],
)
def test_what_is_no_python_is_refused(text):
    assert code(text) == "SC201"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 9000, "[" * 4000 + "]" * 4000, "-" * 9000 + "1", "1" + "+1" * 4000, "x" + ".y" * 4000, "x" + "[0]" * 3000,
        "not " * 2000 + "x", "f(" * 3000 + ")" * 3000, "x if y else " * 700 + "z", "x" * 10_001,
        "[" + "1," * 4000 + "]", "{" * 99 + "}" * 99, "x" + "<x" * 4000,
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused_and_never_crashes(text):
    assert code(text) == "SC204"


@pytest.mark.parametrize("text", ["9" * 4000, "9" * 5000, "0x" + "f" * 2600])
def test_integers_are_bounded(text):
    assert code(text) == "SC205"


def test_an_expression_may_be_as_deep_as_the_bound():
    expr("-" + "x+" * (MAX_DEPTH - 3) + "x")
    assert code("x+" * MAX_DEPTH + "x") == "SC204"


@pytest.mark.parametrize("text", ["'\\d'", "1if 1else 2", "1 is 1", "[0x1for x in y]", "1.or 2"])
def test_python_warns_of_nothing(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expr(text)


@pytest.mark.parametrize(
    "text",
    [
        "sorted(x, key=y)",
        "min(x, key=y)",
        "len(x=1)",
        "x.split(y=1)",
        "x.sort(key=y)",
        "zip(x, key=1)",
        "print(x.pop(index=1))",
    ],
)
def test_keywords_that_the_language_does_not_have_are_refused(text):
    assert code(text) == "SC211"


@pytest.mark.parametrize(
    "text",
    [
        "sorted(x, reverse=True)", "min(x, default=0)", "max(x, default=0)", "sum(x, start=1)", "enumerate(x, start=1)",
        "round(x, ndigits=2)", "int('7', base=8)", "zip(x, y, strict=True)", "x.split(sep=',', maxsplit=1)",
        "x.sort(reverse=True)", "dict(a=1)",
    ],
)  # fmt: skip
def test_keywords_are_pythons_own(text):
    assert expr(text).keywords or expr(text).function


@pytest.mark.parametrize("text", ["x && y", "x || y", "!x", "x++"])
def test_other_languages_operators_are_answered_with_pythons(text):
    with pytest.raises(Fault) as caught:
        expr_field(Text(text))
    assert "write `" in caught.value.diagnostics[0].hint


def test_a_number_a_boolean_null_and_a_list_are_themselves():
    from spec.files import step

    for written, value in [("5", 5), ("true", True), ("null", None), ("[1, red, [2]]", [1, "red", [2]])]:
        assert step(f"- {{choose: x, from: {written}}}\n").from_ == s.Const(value)


def test_a_mapping_is_no_expression():
    assert wrong("- return: {a: 1}\n").code == "SC210"


def test_what_yaml_took_for_a_comment_is_said():
    assert "comment" in wrong('- results.append("a # b")\n').hint


def test_a_ref_is_a_name_or_an_element():
    assert ref_field(Text("lock")) == s.Ref("lock")
    assert ref_field(Text("forks[x + 1]")) == s.Ref("forks", s.Binary("+", X, ONE))
    assert ref_field(Text("forks[x[1]]")) == s.Ref("forks", s.Subscript(X, ONE))


def test_a_hyphenated_thread_matches_whole():
    assert ref_field(Text("Worker-1")) == s.Ref("Worker-1")
    assert cancel_field(Text("my-timer")) == s.Name("my-timer")


@pytest.mark.parametrize("text", ["", "lock.inner", "lock()", "1", "forks[0", "forks 0", "__x", "a b", "forks[0][1] x"])
def test_what_is_no_ref_is_refused(text):
    with pytest.raises(Fault) as caught:
        ref_field(Text(text))
    assert caught.value.diagnostics[0].code in ("SC209", "SC201")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x", X),
        ("x[1]", s.Subscript(X, ONE)),
        ("x.y", s.Attribute(X, "y")),
        ("x, y", s.TupleDisplay((X, Y))),
        ("x, *y", s.TupleDisplay((X, s.Starred(Y)))),
        ("[x, y]", s.TupleDisplay((X, Y))),
    ],
)
def test_targets(text, tree):
    assert target_field(Text(text)) == tree


@pytest.mark.parametrize("text", ["1", "x + 1", "f(x)", "()", "None", "True", "x if y else z", "'x'", "[x for x in y]"])
def test_what_can_not_be_assigned_to_is_refused(text):
    with pytest.raises(Fault) as caught:
        target_field(Text(text))
    assert caught.value.diagnostics[0].code == "SC206"


def test_two_mistakes_in_two_arguments_are_both_told():
    found = diagnostics(complete("- {call: r, args: [1 +, 2 +]}\n"))
    assert [(d.code, d.span.line) for d in found] == [("SC201", 5), ("SC201", 5)]
