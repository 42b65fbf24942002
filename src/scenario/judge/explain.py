"""Why a claim is false: the operands as written and the values that they had.

The text of a claim parses to the same shape as its resolved tree, so Python's own `ast` says which
words stand for which operand. Nothing of that `ast` is ever evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from scenario.program.claims import Claim
from scenario.program.evaluate import Environment, Raised, answered, evaluate
from scenario.results.failures import Operand
from scenario.syntax import Boolean, Compare, Expr, Unary

WIDTH = 200
"""Characters of one value that a message shows."""


def explain(claim: Claim, environment: Environment) -> tuple[Operand, ...]:
    """`counter` with 13, `workers * rounds` with 20; none where there is nothing to add."""
    written = _parsed(claim.text)
    if written is None:
        return ()
    named = {operand.text: operand for operand in _operands(written, claim.expr, claim.text, environment)}
    return tuple(named.values())


def shown(value: object) -> str:
    """The value as Python writes it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


@lru_cache(maxsize=256)
def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):  # a claim that is no text in the file, such as `true`
        return None


def _operands(written: ast.expr, expr: Expr, text: str, environment: Environment) -> Iterator[Operand]:
    match written, expr:
        case ast.Compare(left=left, comparators=rest), Compare():
            for part, operand in zip((left, *rest), (expr.left, *expr.comparands), strict=True):
                yield from _valued(part, operand, text, environment)
        case ast.BoolOp(values=values), Boolean():
            for part, operand in zip(values, expr.operands, strict=True):
                if expr.operator == "or" or not _truth(operand, environment):
                    yield from _operands(part, operand, text, environment)
        case ast.UnaryOp(operand=part), Unary("not", operand):
            yield from _operands(part, operand, text, environment)
        case _:
            yield from _valued(written, expr, text, environment)


def _valued(part: ast.expr, operand: Expr, text: str, environment: Environment) -> Iterator[Operand]:
    if _is_literal(part):
        return
    segment = ast.get_source_segment(text.strip(), part)
    if segment:
        yield _value(segment, operand, environment)


def _value(text: str, operand: Expr, environment: Environment) -> Operand:
    answer = answered(lambda: shown(evaluate(operand, environment)))
    return Operand(text, raised=type(answer.error).__name__) if isinstance(answer, Raised) else Operand(text, answer)


def _truth(operand: Expr, environment: Environment) -> bool:
    return answered(lambda: bool(evaluate(operand, environment))) is True


def _is_literal(part: ast.expr) -> bool:
    try:
        ast.literal_eval(part)
    except (ValueError, TypeError):
        return False
    return True
