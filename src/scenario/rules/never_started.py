"""A thread that an explicit main never starts."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program import ops
from scenario.rules.facts import Facts

RULE = Rule(
    "SC401",
    "never-started",
    "The explicit `main` never starts a thread.",
    "A thread that `main` does not start plays no part: none of its steps is run or explored.",
    "threads:\n  A: {steps: [pass]}\n  B: {steps: [pass]}\nmain:\n  - start: A\n  - join: A\n",
    "threads:\n  A: {steps: [pass]}\n  B: {steps: [pass]}\nmain:\n  - start: all\n  - join: all\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    program = facts.program
    if program.main is None:
        return
    started = {node.ref.name for node in facts.nodes if isinstance(node, ops.Start)}
    if "all" in started:
        return
    for group in program.groups:
        if group.names and group.key not in started:
            message = f"nothing starts `{group.key}`"
            yield Diagnostic(RULE.code, message, group.span, f"write `- start: {group.key}` in `main`", "warning")
