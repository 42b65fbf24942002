"""Threads that the code itself starts, timers, and who the current one is."""

from __future__ import annotations

import threading
from threading import Thread, Timer

from scenario.engines.code.actors import Actor
from scenario.engines.code.privates import target_of
from scenario.engines.code.runtime.here import Here, within
from scenario.engines.code.world import ALIVE


def start(here: Here, thread: Thread) -> None:
    """`Thread.start`: the new thread goes up to its first gate within this step."""
    world = here.world
    if world.actor_of(thread) is not None or thread.ident is not None:
        raise RuntimeError("threads can only be started once")
    here.step("starts", thread, at=here.world.begins())
    call = thread.run  # that of its class: what carries it has one of its own
    world.spawn(_name(here, thread), lambda: here.again().called(call), thread, joinable=True)


def run(here: Here, thread: Thread) -> None:
    """`Thread.run`: the target is called as if it stood where the thread was started, so that it has a gate if it is C."""
    target, args, named = target_of(thread)
    if target is not None:
        here.called(target, *args, **named)


def _name(here: Here, thread: Thread) -> str:
    """Its own, as a schedule can say it, and no other's; the same in every execution (`Snapshot`)."""
    others = [actor.name for actor in here.world.actors]
    name = thread.name.replace(",", ";").replace("@", " at ").replace("/", "|")
    return name if name not in others else f"{name}-{len(others)}"


def fire(here: Here, timer: Timer) -> None:
    """`Timer.run`: it fires at any moment until it is cancelled."""
    here.step("fires", timer.finished)
    if not timer.finished.is_set():
        here.called(timer.function, *timer.args, **timer.kwargs)


def cancel(here: Here, timer: Timer) -> None:
    """`Timer.cancel`."""
    here.step("cancels", timer.finished)
    timer.finished.set()


def join(here: Here, thread: Thread, timeout: float | None = None) -> None:
    """`Thread.join`."""
    if thread is here.actor.thread:
        raise RuntimeError("cannot join current thread")
    actor = _actor_of(here, thread)
    if actor is None:
        if thread.ident is None:
            raise RuntimeError("cannot join thread before it is started")
        here.world.give_up(f"{here.place.name} waits for thread {thread.name}, which is not under control")
        return
    here.step("joins", thread, ready=lambda: actor.ended, timed=within(timeout), holders=lambda: (actor.name,))
    here.timed_out(timeout)


def is_alive(here: Here, thread: Thread) -> bool:
    """`Thread.is_alive`."""
    actor = _actor_of(here, thread)
    here.step("asks", reads=(thread,))
    return actor is not None and not actor.ended


def current_thread(here: Here) -> Thread:
    """`threading.current_thread`."""
    return here.actor.thread


def get_ident(here: Here) -> int:
    """`threading.get_ident`: that of the real thread, or a number that no other has."""
    return here.actor.ident if here.world.carrier.real else here.actor.number + 1


def _actor_of(here: Here, thread: Thread) -> Actor | None:
    """Who carries it. Whoever asks for a thread that the code has not made asks for its end, which is no step else."""
    actor = here.world.actor_of(thread)
    if actor is not None and not actor.joinable:
        here.world.ask("ends")
    return actor


def _all(here: Here) -> None:
    here.world.ask("ends")
    here.step("asks", at=((ALIVE, False),))


def active_count(here: Here) -> int:
    """`threading.active_count`: those under control and the main thread."""
    _all(here)
    return 1 + sum(not actor.ended for actor in here.world.actors)


def enumerate_threads(here: Here) -> list[Thread]:
    """`threading.enumerate`."""
    _all(here)
    return [threading.main_thread(), *(actor.thread for actor in here.world.actors if not actor.ended)]
