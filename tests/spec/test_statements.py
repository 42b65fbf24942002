"""Statements: the few that the language has; what was meant as a verb is told which."""

import pytest
from spec.files import step, wrong

from scenario import syntax as s

X, ONE = s.Name("x"), s.Const(1)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("x = 1", s.Assign((X,), ONE)),
        ("x = y = 1", s.Assign((X, s.Name("y")), ONE)),
        ("x, y = 1, 1", s.Assign((s.TupleDisplay((X, s.Name("y"))),), s.TupleDisplay((ONE, ONE)))),
        ("x[1] = 1", s.Assign((s.Subscript(X, ONE),), ONE)),
        ("tls.x = 1", s.Assign((s.Attribute(s.Name("tls"), "x"),), ONE)),
        ("x += 1", s.AugmentedAssign(X, "+", ONE)),
        ("x **= 1", s.AugmentedAssign(X, "**", ONE)),
        ("del x[1]", s.Delete((s.Subscript(X, ONE),))),
        ("x.append(1)", s.Evaluate(s.Call(s.Attribute(X, "append"), (ONE,)))),
        ("break", s.Break()),
        ("continue", s.Continue()),
        ("pass", s.Pass()),
        ("return", s.Return()),
        ("raise", s.Reraise()),
        ("with_x = 1", s.Assign((s.Name("with_x"),), ONE)),
        ("set = 1", s.Assign((s.Name("set"),), ONE)),
        ("get.append(1)", s.Evaluate(s.Call(s.Attribute(s.Name("get"), "append"), (ONE,)))),
    ],
)
def test_is_a_statement(text, tree):
    assert step(f"- {text}\n") == tree


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("print('x')", "`print: 'x'`"),
        ("acquire lock", "`acquire: lock`"),
        ("notify_all", "`notify_all: …`"),
        ("return x", "`return: x`"),
        ("raise ValueError", "`raise: ValueError`"),
        ("assert x", "`assert: x`"),
        ("set(ready)", "`set: ready`"),
        ("sleep(0.1)", "`sleep: 0.1`"),
    ],
)
def test_a_verb_written_as_a_statement_is_shown_as_a_step(text, hint):
    found = wrong(f'- "{text}"\n')
    assert found.code == "SC207"
    assert hint in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "x", "x == 1", "x + 1", "f(x)", "import os", "from os import path", "global x", "def f(): pass", "class X: pass",
        "x: int = 1", "x = 1; y = 2", "async def f(): pass", "nonlocal x", "match x:\n  case 1: pass",
    ],
)  # fmt: skip
def test_what_is_no_statement_of_the_language_is_refused(text):
    assert wrong("- |\n  " + text.replace("\n", "\n  ") + "\n").code in ("SC207", "SC201")


@pytest.mark.parametrize("text", ["del x", "del x.y", "1 = x", "x() = 1", "(x + 1)[0], 5 = 3"])
def test_only_names_and_elements_are_assigned_or_deleted(text):
    assert wrong(f'- "{text}"\n').code in ("SC206", "SC201")


@pytest.mark.parametrize("text", ["x @= 1", "x = lambda: 1", "x = yield", "x = *y"])
def test_what_is_forbidden_in_an_expression_is_so_in_a_statement(text):
    assert wrong(f"- '{text}'\n").code in ("SC202", "SC201")
