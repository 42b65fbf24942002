"""What threads leave of primitives: where an execution alone knows their state, the real objects are given it, for `check` looks at those."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from typing import cast

from scenario.engines.code.privates import LockLike
from scenario.engines.code.runtime.primitives.barriers import Rounds
from scenario.engines.code.runtime.primitives.calls import Calls
from scenario.engines.code.runtime.primitives.locks import RLOCK, Hold
from scenario.engines.code.world import World


def leave_as_it_is(world: World) -> None:
    """RLocks that were not given back, barriers that are broken, pools that were shut."""
    for lock, hold in world.shadows(Hold):
        if type(lock) is RLOCK and hold.holder is not None and not world.carrier.real:
            _hold_for_ever(cast("LockLike", lock))
    for barrier, rounds in world.shadows(Rounds):
        if isinstance(barrier, Barrier) and rounds.current.broken:
            barrier.abort()
    for pool, calls in world.shadows(Calls):
        if isinstance(pool, ThreadPoolExecutor) and calls.shut:
            pool.shutdown(wait=False)


def _hold_for_ever(lock: LockLike) -> None:
    """As by a thread that has ended."""
    thread = Thread(target=lock.acquire)
    thread.start()
    thread.join()
