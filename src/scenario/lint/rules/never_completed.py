"""A future of the file's own that is waited for and that nothing completes."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.program import Future
from scenario.syntax import Node, OwnFuture

PAGE = Page(
    "SC414",
    "never-completed",
    "A thread waits for a future that nothing completes.",
    "A future among the primitives is nobody's call: it is done when a step has said so, with `set_result`, `set_exception` or `cancel`. "
    "`set_running_or_notify_cancel` alone completes nothing. Of a future that is also given on as a value nothing is said.",
    "primitives: {reply: Future}\nthreads:\n  client:\n    steps:\n      - result: reply\n"
    "  server:\n    steps:\n      - set_running_or_notify_cancel: reply\n",
    "primitives: {reply: Future}\nthreads:\n  client:\n    steps:\n      - result: reply\n"
    "  server:\n    steps:\n      - set_running_or_notify_cancel: reply\n      - set_result: reply\n        value: 1\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    futures = {one.name for one in facts.program.primitives if any(isinstance(kind, Future) for kind in one.elements)}
    waits = [node for node in facts.nodes if isinstance(node, ops.Result) and node.timeout is None]
    asked = {id(node.future) for node in waits}
    elsewhere = {
        node.ref.name
        for node in facts.nodes
        if isinstance(node, OwnFuture) and id(node) not in asked | _harmless(facts)
    }
    for wait in waits:
        name = wait.future.ref.name if isinstance(wait.future, OwnFuture) else None
        if name in futures - elsewhere:
            message = f"nothing completes `{name}`: this waits for ever"
            yield Diagnostic(
                PAGE.code, message, wait.span, f"write `- set_result: {name}` where it is known", "warning"
            )


def _harmless(facts: Facts) -> set[int]:
    """What stands where a future is neither completed nor given to anybody."""
    found: list[Node] = [
        node.future
        for node in facts.nodes
        if isinstance(node, ops.SetRunning | ops.AddDoneCallback) or (isinstance(node, ops.Result) and node.timeout)
    ]
    return {id(node) for node in found}
