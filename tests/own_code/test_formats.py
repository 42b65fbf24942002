"""`"%s" % (a,)` is compiled by CPython as a text of its parts where it can be: what is rewritten is so exactly there, and gives the same."""

import ast
import dis
from itertools import product

import pytest

from scenario.engines.code.rewriting.formats import joined

VALUES = {"a": "ab", "b": ["c"]}
FORMATS = [
    f"<%{''.join(each)}>" for each in product(("", "-", "+0"), ("", "5", "005", "1234"), ("", ".", ".1"), "srad")
]
MORE = ["%s %r|%%", "%s", "%s %s %s", "%(a)s %s", "%*s", "%s %a%"]


def stands_for(text):
    made = joined(ast.parse(text, mode="eval").body)
    return None if made is None else ast.fix_missing_locations(ast.Expression(made))


@pytest.mark.parametrize("text", [*(f"{each!r} % (a,)" for each in FORMATS), *(f"{each!r} % (a, b)" for each in MORE)])
def test_it_is_so_where_cpython_has_it_so(text):
    made = stands_for(text)
    is_one_step = any(each.opname == "BINARY_OP" for each in dis.get_instructions(compile(text, "", "eval")))
    assert (made is None) == is_one_step
    if made is not None:
        assert eval(compile(made, "", "eval"), dict(VALUES)) == eval(text, dict(VALUES))


def test_what_has_a_star_in_it_is_one_step():
    assert stands_for("'%s %s' % (*b, a)") is None
