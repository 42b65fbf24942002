"""Programs of threads that take locks and wait for each other, by a seed: what all their interleavings come to does not depend on the strategy."""

import textwrap
from random import Random

KINDS = {
    "lock": [
        "with s.lock: {x}", "s.lock.acquire(); {x}; s.lock.release()", "s.lock.release()", "s.lock.acquire()", "{r} = s.lock.acquire(False)",
        "{r} = s.lock.locked()", "{r} = s.lock.acquire(timeout=1)",
    ],
    "rlock": [
        "with s.rlock: {x}", "with s.rlock:\n    with s.rlock: {x}", "s.rlock.acquire()", "s.rlock.release()", "{r} = s.rlock.acquire(False)",
        "{r} = s.rlock.acquire(timeout=1)",
    ],
    "condition": [
        "with s.changed: s.changed.notify()", "with s.changed: s.changed.notify_all()", "with s.changed: {r} = s.changed.wait(1)",
        "with s.changed: s.changed.wait()", "with s.changed: {x}", "with s.changed:\n    with s.changed: s.changed.wait(1)",
        "with s.changed: s.changed.wait_for(lambda: s.n, 1)",
    ],
    "semaphore": [
        "with s.places: {x}", "s.places.acquire()", "s.places.release()", "{r} = s.places.acquire(False)", "{r} = s.places.acquire(timeout=1)",
    ],
    "event": ["s.event.set()", "s.event.clear()", "{r} = s.event.wait(1)", "s.event.wait()", "{r} = s.event.is_set()"],
    "queue": [
        "s.queue.put({k})", "{r} = s.queue.get()", "{r} = s.queue.get_nowait()", "s.queue.put_nowait(7)", "{r} = s.queue.qsize()",
        "s.queue.task_done()", "s.queue.join()", "{r} = s.queue.get(timeout=1)", "with s.queue.mutex: {x}",
    ],
    "barrier": ["{r} = s.barrier.wait() >= 0", "s.barrier.abort()", "s.barrier.reset()", "{r} = s.barrier.wait(1) >= 0"],
    "threads": [
        "{new}; it.start(); it.join()", "{new}; it.start()", "s.of = threading.current_thread()", "{r} = s.of and s.of.is_alive()",
        "{new}; it.start(); it.join(1); {r} = it.is_alive()", "{r} = threading.Thread().name", "{r} = threading.active_count()",
    ],
    "future": [
        "s.future.set_result({k})", "{r} = s.future.result()", "{r} = s.future.done()", "{r} = s.future.cancel()", "{r} = s.future.result(1)",
        "s.future.add_done_callback(lambda _: more(s))",
    ],
}  # fmt: skip
PLAIN = ["{x}", "{r} = s.n", "s.n = {k}"]
BODIES = ["s.n += 1", "{r} = s.n", "s.n = {k}", "pass"]
HEAD = """
import threading
from concurrent.futures import Future
from queue import Queue

class State:
    def __init__(self):
        self.n, self.of = 0, None
        self.lock, self.rlock, self.changed = threading.Lock(), threading.RLock(), threading.Condition()
        self.places, self.event, self.barrier = threading.Semaphore(1), threading.Event(), threading.Barrier(2)
        self.queue, self.future = Queue(1), Future()

def more(s):
    s.n += 1
"""


def program(seed):
    """Its text, and the names of its threads."""
    random = Random(seed)
    count = random.choice((2, 2, 3))
    kinds = [*(KINDS[name] for name in random.sample(sorted(KINDS), random.choice((1, 1, 2)))), PLAIN]
    text = [HEAD]
    for thread in range(count):
        text.append(f"def t{thread}(s):")
        for k in range(random.choice((1, 1, 2)) if count > 2 else random.choice((1, 2, 2, 3))):
            text += [textwrap.indent(_statement(random, kinds, thread, k), "    ")]
    return "\n".join(text), [f"t{thread}" for thread in range(count)]


def _statement(random, kinds, thread, k):
    names = {
        "r": f"s.r{thread}{k}",
        "k": k,
        "new": f"it = threading.Thread(target=more, args=(s,), name='x{thread}{k}')",
    }
    text = random.choice(random.choice(kinds)).format(**names, x=random.choice(BODIES).format(**names))
    lines = text if text.startswith("with") else text.replace("; ", "\n")
    return (
        f"try:\n{textwrap.indent(lines, '    ')}\nexcept Exception as error:\n    s.e{thread}{k} = type(error).__name__"
    )


def outcome(state):
    """What the threads have seen, and what they have left."""
    seen = {name: str(value) for name, value in vars(state).items() if name[0] in "re" and name[1:].isdigit()}
    return tuple(sorted({**seen, "n": str(state.n)}.items()))
