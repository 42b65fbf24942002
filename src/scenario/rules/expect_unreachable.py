"""Expectations of a final state in a file that never has one."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.rules.facts import Facts

RULE = Rule(
    "SC410",
    "never-evaluated",
    "An expectation is about a final state, but every execution is expected to deadlock.",
    "An execution that deadlocks has no final state: `final`, `sometimes` and `outcomes` are not asked of it.",
    "vars: {x: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n      - acquire: lock\n"
    "      - x = 1\nexpect:\n  deadlock: always\n  final: [x == 1]\n",
    "vars: {x: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n      - acquire: lock\n"
    "      - x = 1\nexpect:\n  deadlock: always\n  always: [x == 0]\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    claims = facts.program.claims
    if claims.deadlock.mode != "always":
        return
    rows = tuple(row.when for row in claims.outcomes or ())
    for claim in (*claims.final, *claims.sometimes, *rows):
        message = f"`{claim.text}` is never evaluated: with `deadlock: always` there is no final state"
        yield Diagnostic(RULE.code, message, claim.span, "write it under `always` or `reachable`", "warning")
