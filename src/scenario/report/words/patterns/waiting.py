"""Deadlocks in words: who waits for whom, and what does not come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from scenario.report.values import are, numbered
from scenario.report.words.waits import words
from scenario.results.outcome import GoesOn
from scenario.results.patterns import waiting as facts
from scenario.results.waiting import Blocked, Giver, WaitKind

MOST = 4
"""Threads whose fate is told."""

ACTS: dict[WaitKind, str] = {
    "event": "set", "item": "put anything into", "room": "take anything out of", "tasks": "call task_done for",
    "condition": "notify", "semaphore": "release", "future": "complete",
}  # fmt: skip
"""What somebody would have to do to the object that is waited for."""


# --- who waits for whom ------------------------------------------------------------------------------------


def waiting(pattern: facts.Waiting) -> str:
    match pattern:
        case facts.SelfDeadlock(thread, wait):
            return f"{thread} waits for {words(wait)}, which it holds itself"
        case facts.LockCycle(round_):
            pairs = zip(round_, (*round_[1:], round_[0]), strict=True)
            holds = "; ".join(f"{b.thread} wants {b.wait.name} and {following.thread} has it" for b, following in pairs)
            return f"{holds}: take locks in one order everywhere"
        case facts.JoinCycle(round_):
            return _each(round_)
        case facts.JoinAndLockCycle(round_):
            return f"{_each(round_)}: join after the lock has been released"
        case facts.PoolSelfDeadlock(pool):
            return f"a call that runs in {pool} waits for another call of {pool}, and no worker is left to run that one"
        case facts.WaitingWithALock(waiter, other):
            return (
                f"{waiter.thread} waits for {words(waiter.wait)} and keeps {words(other.wait)} meanwhile, which "
                f"{other.thread} needs before it can go on"
            )
        case facts.RoundWithALock(going, wait, thread):
            return f"{_goes_round(going)} for ever with {words(wait)}, and {thread} waits for it"
        case facts.NeverReleased(holders, wait, thread, refused, raised):
            tail = "" if refused is None else f"; {refused} could not give it back: only the thread that took it can"
            never = f"{listed(holders)} took {words(wait)} and never gives it back, and {thread} waits for it"
            return f"{never}{_fates(raised)}{tail}"
        case facts.NotGivenBack(lock, thread):
            return f"nobody is left who would give {lock} back, and {thread} waits for it"
        case _:
            assert_never(pattern)


def _each(round_: Sequence[Blocked]) -> str:
    return "; ".join(f"{b.thread} waits for {words(b.wait)}" for b in round_)


def _goes_round(one: GoesOn) -> str:
    first, last = one.first.line, one.last.line
    return f"{one.thread} goes round line{f's {first} to {last}' if first != last else f' {first}'}"


# --- what does not come ------------------------------------------------------------------------------------


def missing(pattern: facts.Missing) -> str:
    match pattern:
        case facts.ClearedAgain(by, event, thread):
            return f"{by} cleared {event} again before {thread} waited for it"
        case facts.LostWakeup(by, condition, thread):
            return (
                f"{by} notified {condition} before {thread} waited: a notification that nobody waits for is gone, so look "
                "at what it announces, under the lock, before waiting"
            )
        case facts.ChangedInSilence(by, variable, thread, condition):
            return f"{by} changed {variable}, for which {thread} waits, and did not notify {condition} after it"
        case facts.WokeAnother():
            return _woke_another(pattern)
        case facts.ShortBarrier(b, givers):
            wait = b.wait
            return (
                f"{b.thread} waits at {wait.name} for parties that never come: {wait.has} of {wait.needs} {are(wait.has)} there"
                f"{_fates(givers)}"
            )
        case facts.NotReported(thread, got, done, b, stands):
            took = f"{thread} took {numbered(got, 'item')} of {b.wait.name} and reported {done} of them done"
            if stands is not None:
                return f"{took}, for it waits for {words(stands)}, and {b.thread} waits for all"
            return f"{took}, and {b.thread} waits for all: each `get` needs its `task_done`"
        case facts.NobodyLeft(b, givers):
            act = f"nobody is left who would {ACTS[b.wait.kind]} {b.wait.name}, and {b.thread} waits for it"
            return f"{act}{_fates(givers)}"
        case facts.NobodyCompletes(thread):
            return (
                f"{thread} waits for futures whose calls neither run nor are queued any more, and which nobody else completes: "
                "a pool's call that is cancelled is done, but whoever waits is told only when a worker takes it off the queue"
            )
        case facts.WakeUpLost(pool, thread):
            return (
                f"an initializer that raised emptied the queue of {pool}, also of the wake-up by which shutting it down lets "
                f"workers end, and {thread} waits for that for ever, as CPython's does: shut down a pool whose initializers "
                "are over"
            )
        case facts.NothingChanges(thread):
            return f"nobody is left who would change what {thread} waits for"
        case _:
            assert_never(pattern)


def _woke_another(pattern: facts.WokeAnother) -> str:
    count = "two" if pattern.waiters == 2 else str(pattern.waiters)
    went = f"the notification of {pattern.by} went to {pattern.woken} (one of {count} waiters)"
    match pattern.fate:
        case "timed out":
            used = "whose wait had timed out already"
        case "waits again":
            used = "which could not use it and waits again"
        case "went on":
            used = f"and nobody notifies {pattern.thread}"
        case _:
            assert_never(pattern.fate)
    return f"{went}, {used}: `notify_all`, or two conditions"


def _fates(givers: Iterable[Giver]) -> str:
    """What has become of those who would have ended the wait, each thread once."""
    fates = {one.thread: _fate(one) for one in givers}
    told = [f"{thread} {fate}" for thread, fate in fates.items()]
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    return f": {', '.join([*told[:MOST], *more])}" if told else ""


def _fate(giver: Giver) -> str:
    match giver.fate:
        case "raised":
            return f"ended with {giver.error}{'' if giver.span is None else f' (line {giver.span.line})'}"
        case "ended":
            return "has ended"
        case "stuck":
            return "is stuck itself"
        case "goes round":
            return "goes round for ever"
        case "queued":
            return "is queued, and no worker is left to run it"
        case _:
            assert_never(giver.fate)


def listed(names: Iterable[str]) -> str:
    """`a, b and c`, each once and sorted."""
    *most, last = sorted(set(names))
    return f"{', '.join(most)} and {last}" if most else last
