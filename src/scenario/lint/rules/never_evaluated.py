"""Expectations that are asked of no execution, or that no execution can ever meet or miss."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scenario import syntax
from scenario.diagnostics import Diagnostic, Page
from scenario.lint.constants import UNKNOWN, constant
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.claims import Claim, Claims, places
from scenario.program.program import declared_name
from scenario.program.walk import walk, walk_all
from scenario.source import Span
from scenario.syntax import Register

PAGE = Page(
    "SC410",
    "never-evaluated",
    "An expectation can never be evaluated.",
    "It is about something that does not come about: a final state, where every execution is expected to deadlock or a "
    "thread goes round for ever; a thread that nothing starts; a mark that no step makes; a row of `outcomes` after one "
    "that is always true; a livelock, of a file that is not explored; a kind of failure of which the file has no check.",
    "vars: {x: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n"
    "      - x = 1\n      - mark: done\n      - release: lock\nexpect:\n  order:\n    - [done, finished]\n",
    "vars: {x: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n"
    "      - x = 1\n      - mark: done\n      - release: lock\n      - mark: finished\nexpect:\n  order:\n"
    "    - [done, finished]\n",
)

MOVE_IT = "write it under `always` or `reachable`"
END_IT = "let the loop end, write `daemon: true` where the thread only serves others, or write it under `always` or `reachable`"
DEADLOCKS = "with `deadlock: always` there is no final state"


def check(facts: Facts) -> Iterator[Diagnostic]:
    for message, span, hint in (
        *_without_end(facts),
        *_of_threads(facts),
        *_marks(facts),
        *_rows(facts),
        *_elapsed(facts),
        *_not_explored(facts),
        *_kinds(facts),
    ):
        yield Diagnostic(PAGE.code, message, span, hint, "warning")


Found = tuple[str, Span, str | None]


# --- no final state -------------------------------------------------------------------------------------------


def _without_end(facts: Facts) -> Iterator[Found]:
    claims = facts.program.claims
    always = claims.deadlock.mode == "always"
    why = DEADLOCKS if always else _goes_round(facts)
    if why is None:
        return
    for claim in _of_the_end(claims):
        yield f"`{claim.text}` is never evaluated: {why}", claim.span, MOVE_IT if always else END_IT
    if claims.output is not None:
        yield f"`output` is never evaluated: {why}", claims.output.span, None
    for error in claims.errors:
        if not error.possible:
            yield f"that `{error.thread.name}` ends with an exception is never asked: {why}", error.span, None
    if claims.elapsed is not None:
        yield f"`elapsed` is never evaluated: {why}", claims.elapsed.span, None


def _of_the_end(claims: Claims) -> Iterator[Claim]:
    yield from (*claims.final, *claims.sometimes, *(row.when for row in claims.outcomes or ()))


def _goes_round(facts: Facts) -> str | None:
    """A thread that is no daemon and has an endless loop that nothing leaves."""
    if facts.program.claims.errors:  # an exception may end it
        return None
    daemons = {group.key for group in facts.program.groups if group.daemon}
    for root in facts.roots:
        for number, visit in enumerate(root.walk.visits):
            op = visit.op
            if isinstance(op, ops.While) and root.role == "thread" and root.key not in daemons and not visit.controls:
                known = constant(op.test, {})
                inside = [inner.op for inner in root.walk.visits[number + 1 : root.walk.lasts[number] + 1]]
                leaves = syntax.Break | syntax.Return | syntax.Reraise | ops.Raise
                if (
                    known is not UNKNOWN
                    and known
                    and not visit.caught
                    and not any(isinstance(o, leaves) for o in inside)
                ):
                    return f"the loop in line {op.span.line} never ends"
    return None


# --- threads that take no part --------------------------------------------------------------------------------


def _of_threads(facts: Facts) -> Iterator[Found]:
    program = facts.program
    sizes = {group.key: len(group.names) for group in program.groups}
    idle = {key for key, size in sizes.items() if key not in facts.started or not size}
    why = {key: "nothing starts it" if sizes[key] else "it has no members" for key in idle}
    for claim in (*_of_the_end(program.claims), *(program.claims.observe or ())):
        for node in walk(claim.expr):
            if isinstance(node, Register) and node.thread.name in idle:
                key = node.thread.name
                yield f"`{claim.text}` asks for a local of `{key}`, but {why[key]}: it is always null", claim.span, None
                break
    for error in program.claims.errors:
        key = error.thread.name
        if key in idle:
            yield f"`{key}` can not end with an exception: {why[key]}", error.span, None
        elif key == "main" and program.main is None:
            yield "the default `main` only starts and joins: it can not end with an exception", error.span, None
    stuck = program.claims.deadlock.threads or frozenset()
    for key in sorted({declared_name(name) for name in stuck} & idle):
        yield f"`{key}` can not be stuck: {why[key]}", program.claims.deadlock.span, None


# --- marks ------------------------------------------------------------------------------------------------------


def _marks(facts: Facts) -> Iterator[Found]:
    """Labels in `order` that no step marks."""
    labels = places(label for order in facts.program.claims.order for label in order)
    if not labels:
        return
    visited = [visit.op for root in facts.roots if facts.takes_part(root) for visit in root.walk.visits]
    if any(root.walk.given_up for root in facts.roots):
        return  # a walk that was given up
    inner = [node for node in walk_all(tuple(visited)) if isinstance(node, ops.Mark)]
    patterns = [re.compile(_pattern(node.text)) for node in inner]
    for label, at in labels.items():
        if not any(pattern.fullmatch(label) for pattern in patterns):
            yield f"no step marks `{label}`", at, f"write `- mark: {label}` where it happens"


def _pattern(text: syntax.Template) -> str:
    """What a template's text can be."""
    return "".join(re.escape(part) if isinstance(part, str) else "(?s:.*)" for part in text.parts)


# --- rows, kinds, livelock ---------------------------------------------------------------------------------------


def _rows(facts: Facts) -> Iterator[Found]:
    """Rows of `outcomes` that an earlier one always takes the place of."""
    earlier: dict[str, int] = {}
    everything: int | None = None
    for row in facts.program.claims.outcomes or ():
        before = everything if everything is not None else earlier.get(row.when.text)
        if before is not None:
            yield f"`{row.when.text}` is never asked: the row in line {before} comes first", row.when.span, None
        known = constant(row.when.expr, {})
        if everything is None and known is not UNKNOWN and known:
            everything = row.when.span.line
        earlier.setdefault(row.when.text, row.when.span.line)


def _elapsed(facts: Facts) -> Iterator[Found]:
    elapsed = facts.program.claims.elapsed
    if elapsed is None or elapsed.at_least is None or elapsed.at_most is None or elapsed.at_least <= elapsed.at_most:
        return
    yield f"no time is at least {elapsed.at_least:g} s and at most {elapsed.at_most:g} s", elapsed.span, None


def _not_explored(facts: Facts) -> Iterator[Found]:
    claims = facts.program.claims
    if facts.program.explore is None and claims.livelock != "never":
        yield "a livelock is found by exploring only, and this file is never explored", claims.at, None


def _kinds(facts: Facts) -> Iterator[Found]:
    """Kinds of failure in `fails` that nothing in the file can show."""
    claims = facts.program.claims
    nodes = facts.nodes
    output = claims.output
    can = {
        "final": bool(claims.final),
        "sometimes": bool(claims.sometimes),
        "always": bool(claims.always),
        "reachable": bool(claims.reachable),
        "output": output is not None,
        "order": bool(claims.order),
        "elapsed": claims.elapsed is not None,
        "outcome": bool(claims.outcomes),
        "assert": any(isinstance(node, ops.Assert) for node in nodes),
        "raises": any(isinstance(node, ops.Expect) for node in nodes),
        "livelock": facts.program.explore is not None,
    }
    for kind in claims.fails or ():
        if not can.get(kind, True):
            yield f"nothing in this file can fail as `{kind}`", claims.fails_at, None
