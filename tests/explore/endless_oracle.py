"""A naive answer to what never ends: every set of threads that may go on for ever is tried, over the whole graph.

It takes its steps from the naive interpreter and shares nothing with the engine. An execution that goes on for ever
visits some states again and again, in which the threads of some set move and no others do: strongly fair if no other
can move in any of them, weakly fair if each other can not in at least one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, TypeAlias

from explore.oracle import VARS, alternatives, start

State: TypeAlias = Any
Steps: TypeAlias = "dict[State, list[tuple[int, State]]]"
Row: TypeAlias = "tuple[tuple[int, ...] | None, str | None]"

MANY = 400
"""States above which nothing is said."""


def _key(shared: dict[str, Any], threads: tuple[Any, ...]) -> State:
    return tuple(sorted(shared.items())), threads


def graph(groups: list[tuple[int, tuple[Any, ...]]]) -> tuple[list[State], Steps] | None:
    """The first states and each state's (thread, state) steps; None where there are too many."""
    first = [_key(shared, threads) for _, shared, threads in start(groups)]
    steps: Steps = {}
    waiting = list(first)
    while waiting:
        state = waiting.pop()
        if state in steps:
            continue
        if len(steps) > MANY:
            return None
        shared, threads = state
        steps[state] = [
            (n, _key(s, (*threads[:n], t, *threads[n + 1 :])))
            for n, thread in enumerate(threads)
            for _, ways in alternatives(dict(shared), n, thread)
            for _, s, t in ways
        ]
        waiting += [after for _, after in steps[state]]
    return first, steps


def rows(groups: list[tuple[int, tuple[Any, ...]]], fairness: str) -> set[Row] | None:
    """Each way to end, or to go on for ever (whose values are left out)."""
    found = graph(groups)
    if found is None:
        return None
    first, steps = found
    beyond = {state: _reached(steps, state) for state in steps}
    stuck = {state: _stuck(steps, beyond[state], state) for state in steps}
    result: set[Row] = {_row(state) for state, out in steps.items() if not out}
    for part in _endless(steps, beyond, fairness):
        some = next(iter(part))
        if not stuck[some]:
            result.add((None, "livelock"))
            continue
        there = [s for s in steps if stuck[s] == stuck[some] and part & beyond[s]]
        before = {s: [p for p, out in steps.items() if any(after == s for _, after in out)] for s in there}
        result |= {
            (_values(s), "deadlock") for s in there if s in first or any(stuck[p] != stuck[s] for p in before[s])
        }
    return result


def _reached(steps: Steps, state: State) -> set[State]:
    seen, waiting = {state}, [state]
    while waiting:
        new = {after for _, after in steps[waiting.pop()]} - seen
        seen |= new
        waiting += new
    return seen


def _stuck(steps: Steps, beyond: set[State], state: State) -> frozenset[int]:
    moves = {n for after in beyond for n, _ in steps[after]}
    return frozenset(n for n, (left, _, _) in enumerate(state[1]) if left and n not in moves)


def _endless(steps: Steps, beyond: dict[State, set[State]], fairness: str) -> Iterator[set[State]]:
    """The states that an execution may visit again and again, for each set of threads that may move in them."""
    threads = range(len(next(iter(steps))[1]))
    able = {state: {n for n, _ in out} for state, out in steps.items()}
    for size in threads:
        for movers in map(set, combinations(threads, size + 1)):
            inner = {s: [(n, after) for n, after in out if n in movers] for s, out in steps.items()}
            if fairness == "strong":
                inner = {s: out for s, out in inner.items() if able[s] <= movers}
                inner = {s: [(n, after) for n, after in out if after in inner] for s, out in inner.items()}
            for part in _parts(inner):
                moved = {n for s in part for n, after in inner[s] if after in part}
                others = [n for n in threads if n not in movers]
                if moved == movers and all(any(n not in able[s] for s in part) for n in others):
                    yield part


def _parts(steps: Steps) -> list[set[State]]:
    """The sets of states of which each is reached from each."""
    beyond = {state: _reached(steps, state) for state in steps}
    left, parts = set(steps), []
    while left:
        state = left.pop()
        part = {state} | {s for s in beyond[state] & left if state in beyond[s]}
        left -= part
        parts.append(part)
    return parts


def _values(state: State) -> tuple[int, ...]:
    shared = dict(state[0])
    return tuple(shared[var] for var in VARS)


def _row(state: State) -> Row:
    shared = dict(state[0])
    stuck = "deadlock" if any(left for left, _, _ in state[1]) else ""
    return _values(state), stuck or shared["error"] or shared["bad"] or None
