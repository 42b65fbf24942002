"""`"%s and %r" % (a, b)`, which CPython compiles as if `f"{a!s} and {b!r}"` stood there: one value is made text before the next is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scenario.engines.code.rewriting.trees import located
from scenario.record import record

FLAGS, DIGITS, KINDS = "-+ #0", "0123456789", "sra"
LONGEST = 3
"""Digits of a width or a precision that CPython takes."""


@record
class Wanted:
    """A value as text: `!s`, `!r` or `!a`, then its specification."""

    kind: str
    specification: str


class OneStep(Exception):
    """The format has something else in it."""


def joined(node: ast.BinOp) -> ast.JoinedStr | None:
    """What stands for it; None: it is what it says."""
    match node:
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=ast.Tuple(elts=values)):
            try:
                parts = [*_parts(text)]
            except OneStep:
                return None
            wanted = sum(isinstance(part, Wanted) for part in parts)
            if wanted != len(values) or any(isinstance(each, ast.Starred) for each in values):
                return None
            left = iter(values)
            return located(node, ast.JoinedStr([_made(part, left) for part in parts]))
        case _:
            return None


def _parts(text: str) -> Iterator[str | Wanted]:
    """Raises OneStep."""
    while text:
        literal, percent, text = text.partition("%")
        if literal:
            yield literal
        if percent and text.startswith("%"):
            text = text[1:]
            yield "%"
        elif percent:
            flags, text = _leading(text, FLAGS)
            width, text = _number(text)
            dot = text[:1] == "."
            precision, text = _number(text[1:]) if dot else ("", text)
            kind, text = text[:1], text[1:]
            if kind not in KINDS or not kind:
                raise OneStep
            aligned = f"{'' if '-' in flags else '>'}{width}" if width.strip("0") else ""
            yield Wanted(kind, f"{aligned}.{precision or 0}" if dot else aligned)


def _number(text: str) -> tuple[str, str]:
    number, rest = _leading(text, DIGITS)
    if len(number) > LONGEST:
        raise OneStep
    return number, rest


def _leading(text: str, of: str) -> tuple[str, str]:
    """What it begins with of these characters, and the rest."""
    rest = text.lstrip(of)
    return text[: len(text) - len(rest)], rest


def _made(part: str | Wanted, values: Iterator[ast.expr]) -> ast.expr:
    if isinstance(part, str):
        return ast.Constant(part)
    specification = ast.JoinedStr([ast.Constant(part.specification)]) if part.specification else None
    return ast.FormattedValue(next(values), ord(part.kind), specification)
