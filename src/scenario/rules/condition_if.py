"""A condition's wait under an `if`, where a `while` is needed."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program import ops
from scenario.program.walk import walk, walk_all
from scenario.rules.facts import Facts
from scenario.syntax import Node, Shared

RULE = Rule(
    "SC406",
    "if-around-wait",
    "`if` decides whether to wait for a condition; it should be `while`.",
    "Between the notification and the moment the thread has its lock back another thread may undo what it waited for. "
    "`while` looks again; `wait_for` does so by itself.",
    "vars: {items: 0}\nprimitives: {changed: Condition}\nthreads:\n  A:\n    steps:\n      - with: changed\n"
    "        do:\n          - if: items == 0\n            then:\n              - wait: changed\n",
    "vars: {items: 0}\nprimitives: {changed: Condition}\nthreads:\n  A:\n    steps:\n      - with: changed\n"
    "        do:\n          - while: items == 0\n            do:\n              - wait: changed\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for body in facts.bodies:
        looped = {id(inner) for node in walk_all(body) if isinstance(node, ops.While) for inner in walk_all(node.body)}
        for node in walk_all(body):
            if isinstance(node, ops.If) and id(node) not in looped:
                yield from _waits(node)


def _waits(node: ops.If) -> Iterator[Diagnostic]:
    for test, then in node.branches:
        if any(isinstance(part, Shared) for part in walk(test)):
            for op in then:
                if _untimed(op):
                    hint = "write `while` instead of `if`, or `wait_for` with `until`"
                    message = "what `if` found may be undone before the wait ends"
                    yield Diagnostic(RULE.code, message, op.span, hint, "warning")


def _untimed(op: Node) -> bool:
    return isinstance(op, ops.WaitCondition) and op.timeout is None
