"""Queue of `multiprocessing` (a JoinableQueue), as Lib/multiprocessing/queues.py has it; and its SimpleQueue.

`put` takes a slot (a semaphore) and leaves the item in the process's own buffer: a thread of that process, its feeder, hands it to
the pipe some time later, in order. `get` takes the pipe's read lock, then an item: where there is none it waits with the lock,
so a `get` of another that does not wait is Empty then, and one who is killed there keeps it. A process ends when its feeder has
handed over all; a killed one hands over no more: what it had put may be lost, its slots and tasks stay counted.

What is where, and who can tell, is in `pipes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from operator import add
from typing import ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Key, Unexplored, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, argument, blocked, raising
from scenario.engines.explore.step.primitives.model import Model, Standing, Steps
from scenario.engines.explore.step.primitives.processes import sleepers
from scenario.engines.explore.step.primitives.processes.ends import killed
from scenario.engines.explore.step.primitives.processes.kinds import Told
from scenario.engines.explore.step.primitives.processes.mutexes import as_double
from scenario.engines.explore.step.primitives.processes.queue_state import (
    Joining,
    ProcessQueueState,
    Reading,
    Slotted,
    Taken,
)
from scenario.engines.explore.step.primitives.processes.sleepers import Counts, Notified
from scenario.program import ops
from scenario.results.undecided import NotFollowed
from scenario.results.waiting import Holder, Wait, WaitKind

ROOM = 32_000
"""Bytes that certainly fit into a pipe, with what pickle adds: past them a feeder may have to wait for a reader."""
_AROUND = 40
"""Bytes around an item, at most."""


_WAITS: dict[type[ops.Act], WaitKind] = {ops.Put: "room", ops.Get: "item", ops.JoinQueue: "tasks"}


class _Apart(dict[int, int]):
    """A process is 1, any other 0."""

    def __init__(self, process: int) -> None:
        super().__init__({process: 1})

    def __missing__(self, _: int) -> int:
        return 0


class ProcessQueueModel(Model):
    """A JoinableQueue; `maxsize` 0 and less: any number of items."""

    def __init__(self, number: int, maxsize: int, told: Told, *, counts_tasks: bool) -> None:
        super().__init__(number)
        self._maxsize = maxsize
        self._told = told
        self._counts_tasks = counts_tasks
        self._counts_slots = maxsize > 0 or told.counted
        self._gets_at_once = not (told.kills or told.hurried)
        self._puts_at_once = not (told.kills or (told.joined and told.counted))
        self._frees_at_once = not (told.kills or told.counted) or not self._counts_slots

    def first(self) -> ProcessQueueState:
        return ProcessQueueState()

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        state = self._state(objects)
        return {
            "qsize": state.slots,
            "empty": not state.pipe.sent,
            "full": 0 < self._maxsize <= state.slots,
            "unfinished_tasks": state.unfinished,
        }

    def _state(self, objects: Sequence[object]) -> ProcessQueueState:
        state = objects[self.number]
        assert isinstance(state, ProcessQueueState)
        return state

    def taken(self, _: ProcessQueueState) -> int:
        return 0

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def role(self, state: ProcessQueueState, thread: int) -> object:
        """What can be told of a process: comparable, whoever else is named in it."""
        buffers = state.pipe.renamed(_Apart(thread)).buffers
        own = tuple(repr(buffer) for buffer in buffers if buffer.process == 1)
        return (thread == state.reader) + 2 * (thread == state.tasks.holder), thread in state.joiners, own

    def renamed(self, state: ProcessQueueState, new: Mapping[int, int]) -> ProcessQueueState:
        return state._replace(
            pipe=state.pipe.renamed(new),
            reader=None if state.reader is None else new[state.reader],
            joiners=tuple(sorted(new[n] for n in state.joiners)),
            tasks=sleepers.renamed(state.tasks, new),
        )

    def wait(self, at: Standing) -> Wait:
        state, name, threads = self._state(at.w.objects), at.w.layout.name_of(self.number), at.w.layout.threads
        holder = state.tasks.holder
        if isinstance(at.w.phase, Notified):
            return Wait("woken", name, by=killed(at.w))
        if at.op.verb is ops.Get and state.reader not in (None, at.w.thread.number):
            assert state.reader is not None
            return Wait("item", name, (Holder(threads[state.reader].ref),))
        if holder is not None and at.op.verb is not ops.Get and (at.op.verb is not ops.Put or at.w.phase):
            return Wait("relock", name, (Holder(threads[holder].ref),))
        return Wait(_WAITS[at.op.verb], name)

    # --- what is handed over -----------------------------------------------------------------------

    def ways_to_ask(self, w: Context, attribute: str) -> Sequence[object]:
        state = self._state(w.objects)
        if attribute != "empty":
            return (state,)
        return [state._replace(pipe=pipe) for pipe in state.pipe.handed_over()]

    def at_end(self, objects: Sequence[object], process: int) -> ProcessQueueState:
        state = self._state(objects)
        return state._replace(pipe=state.pipe.ended(process))

    def after_kill(self, objects: Sequence[object], process: int) -> Sequence[ProcessQueueState]:
        state = self._state(objects)
        return [state._replace(pipe=pipe) for pipe in state.pipe.killed(process)]

    # --- put -----------------------------------------------------------------------------------

    def put(self, w: Context, op: Operate) -> Alternatives:
        state = self._state(w.objects)
        if isinstance(w.phase, Slotted):
            return () if state.tasks.holder is not None else (Alternative(self._append, part="second"),)
        wait = _patience(w, op)
        if not 0 < self._maxsize <= state.slots:
            return (Alternative(self._put if self._puts_at_once else self._slot),)
        if wait == "never":
            return raising("Full")
        return blocked(w, wait, lambda _: _raise("Full"))

    def _slot(self, w: Context) -> None:
        state = self._state(w.objects)
        w.objects[self.number] = state._replace(slots=state.slots + self._counts_slots)
        w.stay(Slotted())

    def _put(self, w: Context) -> None:
        self._slot(w)
        self._append(w)

    def _append(self, w: Context) -> None:
        op = w.instruction
        assert isinstance(op, Operate)
        state, value = self._state(w.objects), freeze(argument(w, op, "item"))
        w.objects[self.number] = state._replace(
            pipe=state.pipe.put(w.thread.number, value), unfinished=state.unfinished + self._counts_tasks
        )
        self.look_at_room(w)
        w.finish()

    def look_at_room(self, w: Context) -> None:
        """Raises Unexplored where a pipe may be full."""
        values = self._state(w.objects).pipe.values
        if len(values) * _AROUND + sum(len(repr(value)) for value in values if type(value) is not int) > ROOM:
            raise Unexplored(NotFollowed("full pipe", w.layout.name_of(self.number)))

    # --- get -----------------------------------------------------------------------------------

    def get(self, w: Context, op: Operate) -> Alternatives:
        state, phase = self._state(w.objects), w.phase
        if isinstance(phase, Taken):
            return (Alternative(lambda v: self._free(v, phase.item), part="second"),)
        wait = _patience(w, op)
        if self._gets_at_once:
            return self._receiving(state)
        if isinstance(phase, Reading):
            return self._read(w, state, wait)
        if state.reader is None:
            return (Alternative(self._lock_for_reading, part="first"),)
        if wait == "never":
            return raising("Empty")
        return blocked(w, wait, lambda _: _raise("Empty"))

    def _lock_for_reading(self, w: Context) -> None:
        w.objects[self.number] = self._state(w.objects)._replace(reader=w.thread.number)
        w.stay(Reading())

    def _read(self, w: Context, state: ProcessQueueState, wait: float | str | None) -> Alternatives:
        found = self._receiving(state)
        if state.pipe.has_one or wait is None:
            return found
        if wait == "never":
            return (*found, Alternative(self._give_up, gives_up=True))
        assert not isinstance(wait, str)
        return (*found, *blocked(w, wait, self._give_up))

    def _give_up(self, w: Context) -> None:
        w.objects[self.number] = self._state(w.objects)._replace(reader=None)
        w.stay(None)
        raise ScenarioError("Empty")

    def _receiving(self, state: ProcessQueueState) -> Alternatives:
        reader = state.reader if self._gets_at_once else None
        return [
            Alternative(partial(self._receive, item=item, left=state._replace(pipe=left, reader=reader)))
            for item, left in state.pipe.next_ones()
        ]

    def _receive(self, w: Context, item: Key, left: ProcessQueueState) -> None:
        w.objects[self.number] = left
        if self._frees_at_once:
            self._free(w, item)
        else:
            w.stay(Taken(item))

    def _free(self, w: Context, item: Key) -> None:
        state = self._state(w.objects)
        w.objects[self.number] = state._replace(slots=state.slots - self._counts_slots)
        w.finish(thaw(item))

    # --- tasks ---------------------------------------------------------------------------------

    def task_done(self, w: Context, _: Operate) -> Alternatives:
        state = self._state(w.objects)
        if isinstance(w.phase, Notified):
            return sleepers.all_back(state.tasks, self._count, w.phase.sleepers)
        if state.tasks.holder is not None:
            return ()
        if state.unfinished <= 0:
            return raising("ValueError", "task_done() called too many times")
        return (Alternative(self._task_done),)

    def _task_done(self, w: Context) -> None:
        state = self._state(w.objects)
        left = state._replace(unfinished=state.unfinished - 1)
        w.objects[self.number] = left if left.unfinished else left._replace(joiners=())
        if left.unfinished:
            w.finish()
        else:
            sleepers.notify(w, state.tasks, self._count, None, w.thread.number)

    def _count(self, w: Context, tasks: Counts) -> None:
        w.objects[self.number] = self._state(w.objects)._replace(tasks=tasks)

    def join(self, w: Context, _: Operate) -> Alternatives:
        """Who was told that all are done goes on, though there may be others by then: it does not look again."""
        state, me = self._state(w.objects), w.thread.number
        ways = sleepers.waking(w, state.tasks, self._count, None)
        if ways is not None:
            return ways
        if state.tasks.holder is not None or me in state.joiners:
            return ()
        if w.phase is not None:
            return (Alternative(Context.finish, part="second"),)
        return (Alternative(self._join, part="first"),) if state.unfinished else (Alternative(Context.finish),)

    def _join(self, w: Context) -> None:
        state = self._state(w.objects)
        if self._told.kills:
            sleepers.begin(w, state.tasks, self._count)
        else:
            w.objects[self.number] = state._replace(joiners=tuple(sorted((*state.joiners, w.thread.number))))
            w.stay(Joining())

    steps: ClassVar[Steps] = {ops.Put: put, ops.Get: get, ops.TaskDone: task_done, ops.JoinQueue: join}


def _patience(w: Context, op: Operate) -> float | str | None:
    """How long the operation may wait: None for ever, "never", or seconds. `get` adds them to the time, C reads those of `put`."""
    block, timeout = argument(w, op, "block", True), argument(w, op, "timeout")
    if block and timeout is not None and op.verb is ops.Get:
        on_values(add, 0.0, timeout)
    seconds = None if timeout is None else max(on_values(as_double, timeout), 0.0)
    return seconds if block else "never"


def _raise(name: str) -> None:
    raise ScenarioError(name)
