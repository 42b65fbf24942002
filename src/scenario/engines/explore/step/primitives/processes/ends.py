"""How a process ends: its feeders hand over what it has put, main's end terminates the daemons; a killed one takes no step more."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.explore.model.parts import ALIVE, DYING, ENDED_SO, ENDING, KILLED, OVER, Frame, thaw_locals
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.step.context import Context
from scenario.results.undecided import NotFollowed


def killed(w: Context) -> tuple[str, ...]:
    """All that have been killed."""
    return tuple(t.ref for t in w.layout.threads if w.status[t.number] in ENDED_SO)


def over(w: Context) -> None:
    """The thread has ended, by itself or killed. Raises Unexplored."""
    me = w.thread.number
    is_killed = w.status[me] == DYING
    w.status[me] = KILLED if is_killed else OVER
    if w.layout.processes is None or is_killed:
        return
    if me == w.layout.main:
        _terminate(w)
    else:
        w.objects[:] = [model.at_end(w.objects, me) for model in w.layout.models]


def _terminate(w: Context) -> None:
    """When main ends, `multiprocessing` terminates its daemons, and waits for the others only then."""
    if {thread.daemon for thread in w.layout.threads if w.status[thread.number] == ALIVE} == {True, False}:
        raise Unexplored(NotFollowed("daemons that end with main"))


def kill(w: Context, number: int, objects: Sequence[object]) -> None:
    """A process takes no further step but its end."""
    w.objects[:], w.status[number] = objects, DYING
    dead = w.layout.fresh(w.layout.threads[number], ENDING)
    if number != w.thread.number:
        w.others[number] = dead
        return
    ((code, pc, key, phase),) = dead.frames
    w.frames[:] = [Frame(w.layout.codes[code], pc, thaw_locals(key), phase)]
    w.leave_atomic(w.atomic)
