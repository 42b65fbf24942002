"""Mistakes with what is computed before anything runs."""

from __future__ import annotations

from scenario.compile import codes
from scenario.diagnostics import Page

CONSTANTS = (
    Page(
        codes.PARAM,
        "unknown-param",
        "`cases` or `explore` override a param that the file does not have.",
        "An override of a misspelt name would do nothing, in silence.",
        "params: {workers: 10}\nexplore: {params: {worker: 2}}\n",
        "params: {workers: 10}\nexplore: {params: {workers: 2}}\n",
    ),
    Page(
        codes.CIRCULAR,
        "circular-params",
        "Params are computed from one another.",
        "A param may be computed from other params, but none of these may need it in turn.",
        "params: {a: {expr: b + 1}, b: {expr: a + 1}}\n",
        "params: {a: {expr: b + 1}, b: 1}\n",
    ),
    Page(
        codes.COMPUTED,
        "can-not-be-computed",
        "A constant can not be computed, or is of the wrong kind.",
        "Params, vars, counts, timers and constructors' arguments are computed before anything runs. The message is "
        "Python's own.",
        "params: {n: 0, share: {expr: 10 // n}}\n",
        "params: {n: 2, share: {expr: 10 // n}}\n",
    ),
    Page(
        codes.COUNT,
        "bad-size",
        "The size of a group or array is negative, too large or no integer.",
        "A group has any number of threads from 0 to 100,000.",
        "params: {workers: -1}\nthreads:\n  worker: {count: workers, steps: [pass]}\n",
        "params: {workers: 2}\nthreads:\n  worker: {count: workers, steps: [pass]}\n",
    ),
    Page(
        codes.CONSTRUCTOR,
        "refused-by-constructor",
        "Python's constructor refuses this argument.",
        "All primitives are built before the first step, by Python's own classes; the message is Python's own.",
        "primitives: {slots: {Semaphore: -1}}\n",
        "primitives: {slots: {Semaphore: 1}}\n",
    ),
    Page(
        codes.CONDITION_LOCK,
        "lock-of-a-condition",
        "A condition's lock is no Lock or RLock of the file.",
        "A condition shares a lock that the file declares; `Condition` alone makes an RLock of its own.",
        "primitives: {slots: Semaphore, changed: {Condition: slots}}\n",
        "primitives: {lock: Lock, changed: {Condition: lock}}\n",
    ),
    Page(
        codes.DAEMONS_ONLY,
        "daemons-only",
        "All threads are daemons.",
        "A run is over when main and all non-daemon threads have ended: this one would be over at once.",
        "threads:\n  A: {daemon: true, steps: [pass]}\n",
        "threads:\n  A: {daemon: true, steps: [pass]}\n  B: {steps: [pass]}\n",
    ),
    Page(
        codes.INTERRUPT,
        "interrupt-target",
        "An interrupt comes in the middle of what is no thread.",
        "`interrupts` names a thread, a group, or `main` where the file writes one: the default `main` has no steps.",
        "threads:\n  A: {steps: [pass]}\n  handler: {interrupts: B, steps: [pass]}\n",
        "threads:\n  A: {steps: [pass]}\n  handler: {interrupts: A, steps: [pass]}\n",
    ),
)
