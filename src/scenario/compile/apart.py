"""What a file uses and processes do not have: their memory is their own, but for numbers, lists and dicts that are shared on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from scenario.program import ops
from scenario.program.program import ProcessPool, Program, SimpleQueue
from scenario.program.walk import walk_all
from scenario.source import Span
from scenario.syntax import Node, Query

Lack: TypeAlias = tuple[str, Span, str]
"""What there is not, where it is asked for, and what to write instead."""


def lacks(program: Program) -> Iterator[Lack]:
    """All that the program's processes do not have."""
    for kind, claims in (("always", program.claims.always), ("reachable", program.claims.reachable)):
        for claim in claims:
            yield f"`{kind}`", claim.span, "claim it of the end (`final`), or `assert` it in a thread"
    for var in program.vars:
        yield from _value(var.value, var.span)
    simple = {p.name for p in program.primitives if any(isinstance(kind, SimpleQueue) for kind in p.elements)}
    for primitive in program.primitives:
        if any(isinstance(kind, ProcessPool) for kind in primitive.elements):
            yield (
                "ProcessPoolExecutor yet",
                primitive.span,
                "leave it to `threading`: its calls are processes there too",
            )
    for node in _nodes(program):
        yield from _operation(node, simple)


def _value(value: object, span: Span) -> Iterator[Lack]:
    match value:
        case bool() | int() | float() | list() | dict() | None:
            pass
        case str():
            yield "shared texts", span, "keep it in a list, `['text']`, and write `name[0]`"
        case _:
            yield f"shared value of type {type(value).__name__}", span, "write a list or a dict"


def _operation(node: Node, simple: set[str]) -> Iterator[Lack]:
    match node:
        case ops.Release(n=n) if n is not None:
            yield "`n` of a release", node.span, "release it so often: `repeat`"
        case ops.Put(ref) | ops.Get(ref) if ref.name in simple and (node.block is not None or node.timeout is not None):
            key = "block" if node.block is not None else "timeout"
            yield f"`{key}` of a SimpleQueue", node.span, "write `Queue`, or leave it out"
        case ops.ShutdownQueue():
            yield "shutdown of a queue", node.span, "put an item that says so (`null`), one for each that gets"
        case Query(ref, "qsize") if ref.name in simple:
            yield "`qsize` of a SimpleQueue", node.span, "ask `empty()`"
        case Query(_, "is_shutdown"):
            yield "`is_shutdown` of a queue", node.span, "put an item that says so (`null`)"
        case ops.CallPython():
            yield "calls of your own code yet", node.span, "leave it to `threading`"
        case _:
            pass


def _nodes(program: Program) -> Iterator[Node]:
    blocks = (*(group.body for group in program.groups), *(one.body for one in program.routines.values()))
    yield from walk_all((*blocks, program.main or (), program.claims.final, program.claims.observe or ()))
