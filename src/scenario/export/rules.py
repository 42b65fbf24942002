"""What the code of an export's refusal means, for `scenario explain`."""

from __future__ import annotations

from scenario.diagnostics import Rule, register
from scenario.export.refusal import NOT_EXPORTED

register(
    Rule(
        NOT_EXPORTED,
        "not-exported",
        "The scenario has what a Promela model can not say.",
        "A Promela model has integers of 32 bits, locks, semaphores and plain control flow. A scenario with queues, "
        "events, conditions, routines, texts or containers has no faithful model there, and one that only looks like it "
        "would be no second opinion. `scenario export` names each place; exploring itself knows all of them.",
        "primitives: {ready: Event}\nthreads:\n  A: {steps: [{wait: ready}]}",
        "vars: {ready: false}\nthreads:\n  A: {steps: [{await: ready}]}\n  B: {steps: [ready = True]}",
    )
)
