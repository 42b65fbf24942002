"""In which order the default `main` starts the threads: Python refuses to join, and tells of, one that is not started yet."""

from __future__ import annotations

from scenario.export.refusal import Refusals
from scenario.program import ops
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.syntax import Query, Ref


def started(program: Program, refusals: Refusals) -> tuple[ThreadGroup, ...]:
    """The groups, those first that others join or ask; refused where two ask each other."""
    if program.main is not None:
        return program.groups
    asked = {group.key: _asked(group) for group in program.groups}
    left, ordered = list(program.groups), list[ThreadGroup]()
    while left:
        waiting = {group.key for group in left}
        ready = [group for group in left if not asked[group.key] & waiting]
        if not ready:
            refusals.refuse("threads that join or ask each other, whichever is started first,", left[0].span)
            return program.groups
        ordered.append(ready[0])
        left.remove(ready[0])
    return tuple(ordered)


def _asked(group: ThreadGroup) -> set[str]:
    found = set[str]()
    for node in walk_all(group.body):
        match node:
            case ops.Join(Ref(name)) | ops.Kill(Ref(name)) | Query(Ref(name), "is_alive" | "alive"):
                found.add(name)
            case _:
                pass
    return found
