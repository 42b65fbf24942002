"""A thread that an explicit main never starts."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.program import ThreadGroup
from scenario.syntax import Const

PAGE = Page(
    "SC401",
    "never-started",
    "The explicit `main` never starts a thread.",
    "A thread that `main` does not start plays no part: none of its steps is run or explored.",
    "threads:\n  A: {steps: [pass]}\n  B: {steps: [pass]}\nmain:\n  - start: A\n  - join: A\n",
    "threads:\n  A: {steps: [pass]}\n  B: {steps: [pass]}\nmain:\n  - start: all\n  - join: all\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    for group in facts.program.groups:
        if group.names and group.key not in facts.started:
            message = f"nothing starts `{group.key}`"
            yield Diagnostic(PAGE.code, message, group.span, f"write `- start: {group.key}` in `main`", "warning")
        elif missing := _missing(facts, group):
            message = f"nothing starts {missing}"
            yield Diagnostic(
                PAGE.code, message, group.span, f"`- start: {group.key}` starts the whole group", "warning"
            )


def _missing(facts: Facts, group: ThreadGroup) -> str:
    """The members of a group that are not started, where each is started by its number."""
    starts = [node.ref for node in facts.nodes if isinstance(node, ops.Start) and node.ref.name in (group.key, "all")]
    numbers = {ref.index.value for ref in starts if isinstance(ref.index, Const)}
    if facts.program.main is None or len(starts) != len([ref for ref in starts if isinstance(ref.index, Const)]):
        return ""
    return ", ".join(f"`{group.key}[{n}]`" for n in range(len(group.names)) if n not in numbers)
