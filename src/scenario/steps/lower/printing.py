"""Lines of output and marks: steps where a claim looks at them; else nothing, unless they may raise or change something."""

from __future__ import annotations

from scenario.program.printing import is_harmless, locals_in
from scenario.steps.code import Emit
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.expressions import flat_template
from scenario.syntax import Template


def observed(b: Builder, text: Template, stream: str) -> None:
    """A `print` or `mark` that a claim looks at."""
    line = b.temporary()
    b.compute(line, flat_template(b, text))
    b.add(Emit(stream, uses=(b.slot(line.name),)))


def unobserved(b: Builder, text: Template) -> None:
    """No step, and nothing is read; but what may raise is evaluated, and its accesses are steps like any others."""
    if not is_harmless(b.program, text):
        b.compute(None, flat_template(b, text))
        return
    for local in locals_in(text):
        if not b.is_set(local.name):
            b.compute(None, local)
