"""A shared number that several threads update, with nothing to keep them apart."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Rule
from scenario.program import ops
from scenario.program.program import Lock, RLock, ThreadLocal
from scenario.program.walk import walk, walk_all
from scenario.rules.facts import Facts, Root
from scenario.syntax import Assign, AugmentedAssign, Node, Shared

_LOCKS = (Lock, RLock, ThreadLocal)

RULE = Rule(
    "SC408",
    "unprotected-update",
    "Several threads update a shared variable, and nothing orders them.",
    "`counter += 1` is a read, then a write; another thread's update in between is lost.",
    "vars: {counter: 0}\nthreads:\n  A:\n    count: 2\n    steps:\n      - counter += 1\n",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    count: 2\n    steps:\n      - with: lock\n"
    "        do:\n          - counter += 1\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Silent where anything but a lock could order the threads: a false alarm is worse than a miss."""
    claims = facts.program.claims
    if facts.shows_a_bug or facts.program.main is not None or claims.sometimes or claims.reachable:
        return
    if not all(isinstance(kind, _LOCKS) for primitive in facts.program.primitives for kind in primitive.elements):
        return
    if any(isinstance(node, ops.Await | ops.While | ops.Join | ops.Choose) for node in facts.nodes):
        return
    for var in facts.program.vars:
        bare = [(root, op) for root in facts.roots for op in _updates(root, var.name)]
        if sum(root.count for root, _ in bare) > 1:
            message = f"another thread's update of `{var.name}` may be lost here"
            hint = "hold a lock around it, or write `atomic:` if it is meant to be one step"
            for op in dict.fromkeys(op for _, op in bare):
                yield Diagnostic(RULE.code, message, op.span, hint, "warning")


def _updates(root: Root, name: str) -> Iterator[Node]:
    atomic = {
        id(inner) for visit in root.walk.visits if isinstance(visit.op, ops.Atomic) for inner in walk_all(visit.op.body)
    }
    for visit in root.walk.visits:
        op = visit.op
        if _updated(op) == name and id(op) not in atomic and not visit.held.maybe:
            yield op


def _updated(op: Node) -> str | None:
    """The variable that a step reads and then writes."""
    match op:
        case AugmentedAssign(target=Shared(name=name)):
            return name
        case Assign(targets=(Shared(name=name),), value=value):
            return name if any(isinstance(part, Shared) and part.name == name for part in walk(value)) else None
    return None
