"""Emitted source that tells of each step as it begins: a call before the first line of a step.

Python's own tracing could tell of lines too, but on real threads it changes what happens: until CPython 3.13 it puts the
values of cells that a traced function can see back after each line, and so undoes what others have written meanwhile.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from scenario.real.emit.writer import Writer
from scenario.source import START, Span

CALL = "rt_step"


def stepped(source: str, out: Writer) -> ast.Module:
    """The module that was written, with a call before each step of a body; line numbers stay what they are."""
    tree = ast.parse(source)
    (scenario,) = tree.body
    assert isinstance(scenario, ast.FunctionDef), "a module is its function"
    for body in scenario.body:
        if isinstance(body, ast.FunctionDef | ast.AsyncFunctionDef):
            _tell(body, out, START)
    return tree


def _tell(parent: ast.AST, out: Writer, inside: Span) -> None:
    """In each block of it; `inside` is the step that the block belongs to."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list):
            block[:] = _told(block, out, inside)
    for handler in getattr(parent, "handlers", ()):
        _tell(handler, out, inside)
    match parent:
        case ast.While(body=body) if any(out.steps[one.lineno] not in (START, inside) for one in body):
            body.append(_call(parent.lineno))  # it is asked again
        case ast.With(body=body) if out.steps[parent.lineno] != START:
            body.append(_left(parent.lineno, body))
        case ast.Try(body=body, finalbody=[first, *_] as after) if first.lineno in out.leaves:
            after.insert(0, _left(first.lineno, body))


def _told(block: Sequence[ast.stmt], out: Writer, inside: Span) -> Iterator[ast.stmt]:
    before = inside
    for statement in block:
        span = out.steps[statement.lineno]
        if span not in (START, before):
            yield _call(statement.lineno)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            _tell(statement, out, span)
        before = span
        yield statement


def _left(line: int, body: Sequence[ast.stmt]) -> ast.stmt:
    """At the end of a `with`, told from the first line of its body: there it holds what it holds."""
    return _call(line, body[0].lineno, ", 'leaves'")


def _call(line: int, at: int | None = None, more: str = "") -> ast.stmt:
    (made,) = ast.parse(f"{CALL}(me, {line}, locals(){more})").body
    return ast.increment_lineno(made, (at or line) - 1)
