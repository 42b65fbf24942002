"""Operations that raise, or take too long, in words."""

from __future__ import annotations

from typing import assert_never

from scenario.results.patterns import calls as facts


def call(pattern: facts.Calls) -> str:
    match pattern:
        case facts.ReleasedFull(thread, semaphore):
            return f"{thread} released {semaphore}, which had all its places back already"
        case facts.ReleasedUnheld(thread, lock, holder):
            tail = "" if holder is None else f": {holder} has it, and whoever took it must give it back"
            return f"{thread} released {lock}, which it does not hold{tail}"
        case facts.ReleasedMore(thread, lock):
            return f"{thread} released {lock}, which nobody had acquired any more"
        case facts.DoneTooOften(thread, queue, None):
            return f"{thread} reported a task of {queue} done once more than items were put"
        case facts.DoneTooOften(thread, queue, shut):
            return f"{thread} reported a task of {queue} done that {shut}'s shutdown had thrown out"
        case facts.UsedAfterShutdown(thread, pool, None):
            return (
                f"{thread} submitted to {pool} when main had ended: pools take no more calls then, so let main wait for "
                f"{thread}"
            )
        case facts.UsedAfterShutdown(thread, name, shut):
            return f"{thread} came to {name} when {shut} had shut it down"
        case facts.JoinsItself(thread, ""):
            return f"{thread} would wait for its own end"
        case facts.JoinsItself(_, pool):
            return f"a call that runs in {pool} shuts {pool} down and waits for its calls, itself among them"
        case facts.JoinedWithALock(thread, joined, lock):
            return (
                f"{thread} joined {joined} with {lock} held, which {joined} needed to get to its end, so it waited for all "
                "of its timeout: join after the lock has been released"
            )
        case _:
            assert_never(pattern)
