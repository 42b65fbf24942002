"""Primitives and variables that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program.program import Condition
from scenario.program.walk import walk_all
from scenario.rules.facts import Facts
from scenario.syntax import Ref, Shared, TlsField

RULE = Rule(
    "SC409",
    "unused-name",
    "A primitive or variable is declared and never used.",
    "Most often a step was meant to use it: a lock that nobody takes protects nothing.",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A: {steps: [counter += 1]}\n",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do:\n"
    "          - counter += 1\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    used = set(_used(facts))
    program = facts.program
    for kind, items in (("primitive", program.primitives), ("variable", program.vars)):
        for item in items:
            if item.name not in used:
                yield Diagnostic(RULE.code, f"nothing uses the {kind} `{item.name}`", item.span, None, "warning")


def _used(facts: Facts) -> Iterator[str]:
    claims = facts.program.claims
    rows = tuple(row.when for row in claims.outcomes or ())
    claimed = walk_all((claims.final, claims.sometimes, claims.always, claims.reachable, claims.observe, rows))
    for node in (*facts.nodes, *claimed):
        match node:
            case Ref(name=name) | Shared(name=name) | TlsField(tls=Ref(name=name)):
                yield name
    for primitive in facts.program.primitives:
        for kind in primitive.elements:
            if isinstance(kind, Condition) and kind.lock is not None:
                yield kind.lock[0]
