"""A barrier for more threads than there are."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.program import Barrier

PAGE = Page(
    "SC407",
    "barrier-parties",
    "A barrier waits for more threads than can come.",
    "It opens when as many as its parties wait at once; with fewer threads all of them wait for ever.",
    "primitives: {gate: {Barrier: 3}}\nthreads:\n  A: {count: 2, steps: [wait: gate]}\n",
    "primitives: {gate: {Barrier: 2}}\nthreads:\n  A: {count: 2, steps: [wait: gate]}\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug or facts.has_pool:
        return
    for primitive in facts.program.primitives:
        match primitive.elements:
            case (Barrier(parties=parties, timeout=None),) if not _broken(facts, primitive.name):
                coming = _coming(facts, primitive.name)
                if 0 < coming < parties:
                    message = f"`{primitive.name}` waits for {parties} threads; {coming} can come"
                    yield Diagnostic(PAGE.code, message, primitive.span, None, "warning")


def _broken(facts: Facts, name: str) -> bool:
    """Whether something else lets the waiting threads go."""
    return any(
        node.ref.name == name
        and (isinstance(node, ops.AbortBarrier | ops.ResetBarrier) or getattr(node, "timeout", None) is not None)
        for node in facts.nodes
        if isinstance(node, ops.AbortBarrier | ops.ResetBarrier | ops.WaitBarrier)
    )


def _coming(facts: Facts, name: str) -> int:
    sizes = {group.key: len(group.names) for group in facts.program.groups}
    keys = {
        root.key
        for root in facts.roots
        if facts.takes_part(root)
        and any(isinstance(visit.op, ops.WaitBarrier) and visit.op.ref.name == name for visit in root.walk.visits)
    }
    return sum(sizes.get(key, 1) for key in keys)
