"""SimpleQueue of `multiprocessing`: a pipe with two locks. What is put is there at once; nothing counts its items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.values import Key, freeze
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, argument
from scenario.engines.explore.step.primitives.model import Steps
from scenario.engines.explore.step.primitives.processes.kinds import Told
from scenario.engines.explore.step.primitives.processes.pipes import Pipe
from scenario.engines.explore.step.primitives.processes.queues import ProcessQueueModel
from scenario.program import ops


class ProcessSimpleQueueModel(ProcessQueueModel):
    """A pipe with two locks: what is put is there at once; nothing counts its items."""

    def __init__(self, number: int, told: Told) -> None:
        super().__init__(number, 0, Told(kills=told.kills), counts_tasks=False)

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        return {"empty": not self._state(objects).pipe.sent}

    def put(self, _: Context, op: Operate) -> Alternatives:
        return (Alternative(lambda v: self._send(v, freeze(argument(v, op, "item")))),)

    def _send(self, w: Context, value: Key) -> None:
        state = self._state(w.objects)
        w.objects[self.number] = state._replace(pipe=Pipe((*state.pipe.sent, value)))
        self.look_at_room(w)
        w.finish()

    steps: ClassVar[Steps] = {ops.Put: put, ops.Get: ProcessQueueModel.get}
