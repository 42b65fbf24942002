"""A condition is used without its lock."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.program import Condition

PAGE = Page(
    "SC405",
    "condition-without-lock",
    "A condition is waited for or notified without its lock.",
    "Python raises RuntimeError: the lock is what keeps a notification from coming between the check and the wait.",
    "primitives: {changed: Condition}\nthreads:\n  A:\n    steps:\n      - notify: changed\n",
    "primitives: {changed: Condition}\nthreads:\n  A:\n    steps:\n      - with: changed\n        do:\n"
    "          - notify: changed\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for root in facts.roots_of_their_own:
        for visit in root.walk.visits:
            op = visit.op
            if not isinstance(op, ops.Notify | ops.NotifyAll | ops.WaitCondition | ops.WaitFor) or visit.caught:
                continue
            key = root.walk.objects.key(op.ref)
            if (
                isinstance(root.walk.objects.kind(op.ref), Condition)
                and key is not None
                and key not in visit.held.maybe
            ):
                message = f"the lock of `{op.ref.name}` is not held here"
                yield Diagnostic(PAGE.code, message, op.span, f"write `- with: {op.ref.name}` around it", "warning")
