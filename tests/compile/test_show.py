"""Expressions as text."""

import typing

import pytest
from compile.files import body, programs, steps
from compile.test_lowering import KEYS, THREADS

from scenario import syntax
from scenario.program import show

EXPRESSIONS = [
    "x + 1 - (2 - n)", "(x + 1) * 2", "-x ** 2", "(-x) ** 2", "2 ** -x", "not x and n or x", "not (x and n)",
    "x < n <= 3", "(x < n) == x", "x if n else 1", "(x if n else 1) + 1", "[1, x][0]", "got[1:n]", "got[::2]", "got[:]",
    "(1,)[0]", "[]", "{1: x, **{}}", "{x, 1}", "()", "[a for a in got if a if n]", "{a: 1 for a, b in [(1, 2)]}",
    "sum(a for a in got)", "sorted(got, reverse=True)", "got.index(x)", "'a b'.split(' ', maxsplit=1)", "lock.locked()",
    "forks[index + 1].locked()", "q.qsize() + gate.parties", "x.done()", "tls.x", "now()", "worker[0].is_alive()",
    "worker.alive", "A.name", "~x", "x is not None", "x not in got", "[*got, 1]", "x & 1 | 2 ^ n", "1 << x",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_is_shown_as_it_was_written(text):
    quoted = text.replace("'", "''")
    (only,) = programs(steps(f"- x = 1\n- 'y = {quoted}'", KEYS) + THREADS, allowed_python={"bank"})
    assert show.expression(only.groups[0].body[1].value) == text


def test_every_class_of_the_tree_has_its_text():
    assert set(show._EXPRESSIONS) == set(typing.get_args(syntax.Expr))


def test_a_long_constant_is_cut():
    (op,) = body("- x = words", "params: {words: {expr: '[0] * 1000'}}\n")
    assert len(show.expression(op.value)) < 80
