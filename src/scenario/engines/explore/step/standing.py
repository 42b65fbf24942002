"""Where threads stand in a state: who has ended, who is idle, who goes round without a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import LIVING, SPINNING, SharedPart, ThreadPart
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.program.program import ThreadPool


def is_over(layout: Layout, shared: SharedPart) -> bool:
    """Whether main and all non-daemon threads have ended and the pools have worked off their calls."""
    for thread in layout.threads:
        if thread.pool is None and not thread.daemon and shared.status[thread.number] in LIVING:
            return False
    return are_quiet(layout, shared.objects)


def are_quiet(layout: Layout, objects: Sequence[Any]) -> bool:
    """Whether all pools have worked off their calls."""
    return all(objects[n].is_quiet for n, kind in enumerate(layout.kinds) if isinstance(kind, ThreadPool))


def is_unfinished(layout: Layout, shared: SharedPart, part: ThreadPart, thread: Thread) -> bool:
    """Whether it is no daemon and has been started and not ended; a worker, whether it has a call, or will never end."""
    alive = shared.status[thread.number] in LIVING
    idle = thread.pool is not None and is_idle(layout, part) and not shared.objects[thread.pool].is_deaf
    return alive and not thread.daemon and not idle and thread.number != layout.default_main


def is_idle(layout: Layout, worker: ThreadPart) -> bool:
    """Whether a pool's worker has no call."""
    if not worker.frames:
        return True
    code, pc, _, _ = worker.frames[-1]
    instruction = layout.codes[code].instructions[pc]
    return len(worker.frames) == 1 and isinstance(instruction, Operate) and instruction.part == "take"


def is_spinning(part: ThreadPart) -> bool:
    """Whether the thread repeats local work for ever."""
    return bool(part.frames) and part.frames[-1][3] == SPINNING


def location(part: ThreadPart) -> tuple[object, ...]:
    """Where the thread stands, whatever its locals are."""
    return tuple((code, pc, phase) for code, pc, _, phase in part.frames)
