"""Whether so many threads, each by its name, may go on for ever and be fair: every set of states that hang together is tried."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

S = TypeVar("S", bound=Hashable)


def fair_cycle(edges: Mapping[S, Sequence[tuple[S, set[int]]]], able: Mapping[S, set[int]], fairness: str) -> bool:
    """`edges`: where steps lead and who moves by them; `able`: who can move in a state."""
    pending = [set(edges)]
    while pending:
        for part in components(edges, pending.pop()):
            moving = {who for state in part for target, moved in edges[state] if target in part for who in moved}
            unfair = {state: able[state] - moving for state in part}
            if not moving:
                continue
            if fairness == "weak":
                if not set.intersection(*unfair.values()):
                    return True
                continue
            fair = {state for state in part if not unfair[state]}
            if fair == part:
                return True
            pending.append(fair)
    return False


def components(edges: Mapping[S, Sequence[tuple[S, set[int]]]], inside: set[S]) -> list[set[S]]:
    """By what reaches what."""
    reach: dict[S, set[S]] = {}
    for start in inside:
        seen, work = {start}, [start]
        while work:
            for target, _ in edges[work.pop()]:
                if target in inside and target not in seen:
                    seen.add(target)
                    work.append(target)
        reach[start] = seen
    found: list[set[S]] = []
    for start in inside:
        if not any(start in one for one in found):
            found.append({other for other in reach[start] if start in reach[other]})
    return found
