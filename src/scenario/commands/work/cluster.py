"""`--dask ADDRESS`: units are done by the workers of a dask cluster that is there already, each in a child process of its worker.

A cluster is trusted: whoever can talk to its scheduler can have anything executed there, and dask itself opens what its workers
send. So the address counts where the person says it (the command line, the environment), and never in a file that lies about.
"""

from __future__ import annotations

import asyncio
import logging
import platform
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TypeVar

from distributed import Client, KilledWorker, Security, get_worker, rpc
from distributed.comm.addressing import get_address_host_port

from scenario.files.options import UsageError
from scenario.program.evaluate import Raised, tried
from scenario.real.children.crew import Crew
from scenario.spread import Hands

Unit = TypeVar("Unit")

PATIENCE = 10
"""Seconds until a scheduler that does not answer is taken for none."""

_there = Crew()
"""In a worker of the cluster: its children."""


@contextmanager
def cluster(address: str) -> Iterator[Hands]:
    """All of its workers. Raises UsageError where there is none, or it has another scenario."""
    for logger in ("distributed", "distributed.client", "distributed.gc"):  # what is lost is told as a result
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    where = tried(lambda: get_address_host_port(address))  # a client that can not be made leaves a traceback at its end
    if isinstance(where, Raised):
        raise UsageError(
            f"--dask {address}: this is no address ({where.error}); a scheduler tells its own: tcp://host:8786"
        )
    kind = tried(lambda: asyncio.run(_answer(address)))
    if isinstance(kind, Raised):
        raise UsageError(f"--dask {address}: no scheduler answers there ({_told(kind.error)})")
    if kind != "Scheduler":
        raise UsageError(f"--dask {address}: that is no scheduler ({kind})")
    client = tried(lambda: Client(address, timeout=PATIENCE, set_as_default=False))
    if isinstance(client, Raised):
        raise UsageError(f"--dask {address}: no scheduler answers there ({client.error})")
    try:
        threads = _workers(client, address)
        executor = client.get_executor(pure=False)
        yield Hands(executor, sum(threads.values()), _share(threads), done_there, _nothing, _nothing, _why)
    finally:
        client.close(timeout=PATIENCE)


async def _answer(address: str) -> str:
    """What dask says that it is there. Asked before there is a client: one that finds nobody shows a traceback when it is thrown away.

    Raises what dask does where it can not connect, TimeoutError, and anything for an answer that is none of dask's.
    """
    how = Security().get_connection_args("client")
    async with asyncio.timeout(PATIENCE), rpc(address, timeout=PATIENCE, connection_args=how) as there:
        answer = await there.identity()
        return str(answer["type"])


def _told(error: BaseException) -> str:
    """What dask says where nobody is, which may be nothing."""
    return f"nothing in {PATIENCE} s" if isinstance(error, TimeoutError) else str(error) or type(error).__name__


def done_there(function: Callable[[Unit], bytes], unit: Unit, seconds: float, /) -> bytes:
    """In a thread of a worker: in a child process, which ends when nobody wants its answer any more."""
    worker = get_worker()
    key = worker.get_current_task()

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state != "cancelled"

    return _there.call(function, unit, seconds, is_wanted=is_wanted)


def versions() -> tuple[str, str]:
    """What two sides have to have in common: the scenario, since it reads what the other has made, and the Python that runs."""
    return version("scenario"), ".".join(platform.python_version_tuple()[:2])


def _workers(client: Client, address: str) -> dict[str, int]:
    """Their threads, by address. Raises UsageError."""
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise UsageError(f"--dask {address}: the cluster has no workers")
    there = tried(lambda: client.run(versions))
    if isinstance(there, Raised):
        raise UsageError(f"--dask {address}: scenario is not installed on all workers ({there.error})")
    for worker, found in there.items():
        if found != versions():
            ours, theirs = (f"scenario {one[0]} on Python {one[1]}" for one in (versions(), found))
            raise UsageError(f"--dask {address}: {worker} has {theirs}, and here is {ours}: results would differ")
    return threads


def _share(threads: dict[str, int]) -> int:
    """The most units that one machine does at a time."""
    machines: Counter[str] = Counter()
    for address, count in threads.items():
        machines[address.rpartition(":")[0]] += count
    return max(machines.values())


def _nothing() -> None:
    """A unit that was recalled is ended by its worker, which sees that nobody wants it."""


def _why(error: BaseException) -> str:
    if isinstance(error, KilledWorker):
        return f"each worker of the cluster that tried it ended ({error.allowed_failures + 1})"
    return f"the cluster did not do it: {error!r}"
