"""A condition's wait under an `if`, where a `while` is needed."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops

PAGE = Page(
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
    for root in facts.roots:
        walk = root.walk
        for number, visit in enumerate(walk.visits):
            op = visit.op
            if not isinstance(op, ops.WaitCondition) or op.timeout is not None:
                continue
            around = [at for at in visit.controls if walk.lasts[at] >= number]
            if any(isinstance(walk.visits[at].op, ops.While) for at in around):
                continue
            if any(root.accesses.tests[at] for at in around):
                hint = "write `while` instead of `if`, or `wait_for` with `until`"
                message = "what `if` found may be undone before the wait ends"
                yield Diagnostic(PAGE.code, message, op.span, hint, "warning")
