"""ProcessPoolExecutor as runs make it: it keeps what `shutdown` forgets, so that nothing of it is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent import futures
from dataclasses import replace
from functools import partial
from multiprocessing.process import BaseProcess
from typing import NoReturn, TypeVar

from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.program.program import ProcessPool, Program
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS, bodies, called
from scenario.real.children import cpu
from scenario.real.children.spawned import Context

T = TypeVar("T")


class ProcessPoolExecutor(futures.ProcessPoolExecutor):
    """It tells what else nobody would.

    `setup` is called with `given` in each worker first; `denied` with what the system refuses where a worker should start;
    `refuse` with what a call has done that none may, also where nobody asks for its result (None: its worker tells that).

    Kept are its manager's thread, to wait for, and its processes, to end them. The queues too: their semaphores are given
    back when nobody has them any more, and if that is in the manager's thread, the end of this process may come in the middle of it.
    """

    processes: tuple[BaseProcess, ...] = ()
    manager: threading.Thread | None = None
    queues: tuple[object, ...] = ()

    def __init__(
        self,
        max_workers: int | None,
        setup: Callable[..., object],
        given: tuple[object, ...],
        denied: Callable[[OSError], NoReturn],
        refuse: Callable[[Refused], None] | None = None,
    ) -> None:
        super().__init__(max_workers, Context(), setup, given)
        self._denied = denied
        self._refuse = refuse
        calls = vars(self)["_call_queue"]
        vars(calls)["_on_queue_feeder_error"] = partial(_unsaid, vars(type(calls))["_on_queue_feeder_error"], calls)

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> futures.Future[T]:
        try:
            future = super().submit(fn, *args, **kwargs)
        except OSError as error:
            self._denied(error)
        future.add_done_callback(self._look)
        return future

    def _look(self, future: futures.Future[T]) -> None:
        error = None if future.cancelled() else future.exception()
        if self._refuse is not None and isinstance(error, Refused):
            self._refuse(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.keep()
        super().shutdown(wait, cancel_futures=cancel_futures)

    def keep(self) -> None:
        own = vars(self)
        self.processes = tuple((own["_processes"] or {}).values()) or self.processes
        self.manager = own["_executor_manager_thread"] or self.manager
        self.queues = self.queues or (own["_call_queue"], own["_result_queue"])

    def is_at_work(self) -> bool:
        """Whether some call is not over: it is queued or runs, or its future is being settled and its callbacks run."""
        self.keep()
        manager = self.manager
        if manager is None or not manager.is_alive():
            return False
        if vars(self)["_shutdown_thread"]:
            return True  # it waits for its workers, who end by themselves, however long that takes
        return bool(vars(manager)["pending_work_items"]) or not cpu.is_asleep(manager.native_id)

    def end_processes(self) -> None:
        """Whatever they do."""
        self.keep()
        for process in self.processes:
            if process.is_alive():
                process.kill()


def _unsaid(tell: Callable[[object, Exception, object], None], calls: object, error: Exception, item: object) -> None:
    """What goes wrong with a call is its future's; with the end of the queue it is nobody's: CPython may close a pipe of it twice."""
    if hasattr(item, "work_id"):
        tell(calls, error, item)


def of_workers(program: Program) -> Program:
    """What the workers of its pools are given of a program: the routines that they run, and those that these call."""
    pools = {
        p.name: kind.initializer for p in program.primitives for kind in p.elements if isinstance(kind, ProcessPool)
    }
    run = {name for name in pools.values() if name is not None} | set(_run_by(pools.keys(), program))
    given = {name: routine for name, routine in program.routines.items() if name in run}
    bodies_of = tuple(routine.body for routine in given.values())
    return replace(
        program, groups=(), main=(), primitives=(), routines=given | called(bodies_of, program.routines, RUNS)
    )


def _run_by(pools: Collection[str], program: Program) -> Iterator[str]:
    for node in walk_all(bodies(program)):
        if isinstance(node, ops.Submit | ops.Map) and node.to.name in pools:
            yield node.routine
