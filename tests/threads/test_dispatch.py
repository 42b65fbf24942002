"""No op, kind or effect is forgotten: each member of a sum type has its place in every table."""

import inspect
from typing import get_args

import pytest

from scenario.engines.threads import build
from scenario.engines.threads.emit import lower, statements
from scenario.program import program
from scenario.program.ops import Op


@pytest.mark.parametrize("op", get_args(Op), ids=lambda op: op.__name__)
def test_every_op_is_lowered(op):
    source = inspect.getsource(lower.step) + inspect.getsource(statements.emit)
    assert f"{op.__name__}(" in source


@pytest.mark.parametrize("kind", get_args(program.Kind), ids=lambda kind: kind.__name__)
def test_every_kind_is_built(kind):
    assert f"p.{kind.__name__}(" in inspect.getsource(build.Builder)
