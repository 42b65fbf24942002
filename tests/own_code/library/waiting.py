"""Events, conditions, semaphores, queues: right and wrong."""

import queue
import threading
import time
from contextlib import contextmanager
from time import sleep


class Mailbox:
    """One place, a condition: `if` for `while` lets two take one letter."""

    def __init__(self):
        self.letters, self.taken = [], []
        self.changed = threading.Condition()

    def post(self):
        with self.changed:
            self.letters.append("letter")
            self.changed.notify_all()

    def take_wrong(self):
        with self.changed:
            if not self.letters:
                self.changed.wait()
            self.taken.append(self.letters.pop())

    def take_right(self):
        with self.changed:
            self.changed.wait_for(lambda: self.letters)
            self.taken.append(self.letters.pop())


def post_twice(box):
    box.post()
    box.post()


class Signal:
    """A flag under a condition; the wrong one is notified before it waits."""

    def __init__(self):
        self.changed, self.ready = threading.Condition(threading.Lock()), False

    def wait_wrong(self):
        with self.changed:
            self.changed.wait()

    def wait_right(self):
        with self.changed:
            while not self.ready:
                self.changed.wait()

    def give(self):
        with self.changed:
            self.ready = True
            self.changed.notify()


class Started:
    """An event set before what it announces."""

    def __init__(self):
        self.event, self.value = threading.Event(), None

    def announce_wrong(self):
        self.event.set()
        self.value = 7

    def announce_right(self):
        self.value = 7
        self.event.set()

    def use(self):
        self.event.wait()
        assert self.value == 7


class Buffer:
    """A bounded buffer of semaphores; the wrong one takes the lock first."""

    def __init__(self):
        self.free, self.full = threading.Semaphore(1), threading.Semaphore(0)
        self.lock, self.items, self.got = threading.Lock(), [], []

    def put_wrong(self, item):
        with self.lock:
            self.free.acquire()
            self.items.append(item)
            self.full.release()

    def put_right(self, item):
        self.free.acquire()
        with self.lock:
            self.items.append(item)
        self.full.release()

    def get(self):
        self.full.acquire()
        with self.lock:
            self.got.append(self.items.pop(0))
        self.free.release()


class Produced:
    """A queue with a sentinel: one is too few for two consumers."""

    def __init__(self):
        self.jobs, self.done, self.lock = queue.Queue(maxsize=1), [], threading.Lock()

    def produce(self, sentinels):
        self.jobs.put(1)
        for _ in range(sentinels):
            self.jobs.put(None)

    def consume(self):
        while (job := self.jobs.get()) is not None:
            with self.lock:
                self.done.append(job)


class Spawned:
    """Starts its own threads; the wrong one does not join them."""

    def __init__(self):
        self.results, self.lock = [], threading.Lock()

    def work(self, number):
        sleep(0.01)
        with self.lock:
            self.results.append(number)

    def right(self):
        threads = [threading.Thread(target=self.work, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(self.results) == [0, 1]

    def wrong(self):
        for number in range(2):
            threading.Thread(target=self.work, args=(number,)).start()
        assert sorted(self.results) == [0, 1]


class Worker(threading.Thread):
    """A subclass with a result."""

    def __init__(self, box):
        super().__init__(name="worker")
        self.box, self.result = box, None

    def run(self):
        self.result = len(self.box) + 1


def use_worker(box):
    worker = Worker(box)
    worker.start()
    worker.join()
    assert worker.result == 1
    assert not worker.is_alive()


def use_worker_early(box):
    worker = Worker(box)
    worker.start()
    assert worker.result == 1


class Gate:
    """A lock in a generator's context manager, given free when the body fails."""

    def __init__(self):
        self.lock, self.inside, self.most = threading.Lock(), 0, 0

    @contextmanager
    def right(self):
        self.lock.acquire()
        try:
            yield
        finally:
            self.lock.release()

    @contextmanager
    def wrong(self):
        self.lock.acquire()
        yield
        self.lock.release()

    def enter(self, how):
        try:
            with how():
                self.inside += 1
                self.most = max(self.most, self.inside)
                self.inside -= 1
                {}[0]
        except KeyError:
            pass


class Phases:
    """Two rounds of a barrier with an action; the wrong one has a party too many."""

    def __init__(self, parties=2):
        self.sums, self.cells = [], [0, 0]
        self.barrier = threading.Barrier(parties, action=self.add)

    def add(self):
        self.sums.append(sum(self.cells))

    def work(self, index):
        for _ in range(2):
            self.cells[index] += 1
            self.barrier.wait()


class Late(Phases):
    """One gives up, and breaks it for the other."""

    def work(self, index):
        try:
            self.barrier.wait(timeout=1 if index else None)
        except threading.BrokenBarrierError:
            self.sums.append("broken")


class Deadline:
    """Waits with a timeout; the wrong one takes for granted that it was not over."""

    def __init__(self):
        self.jobs, self.missed = queue.Queue(), False

    def wait_right(self):
        try:
            self.jobs.get(timeout=0.5)
        except queue.Empty:
            self.missed = True

    def wait_wrong(self):
        started = time.monotonic()
        got = self.jobs.get(timeout=0.5)
        assert got == "job"
        assert time.monotonic() - started < 1


CASES = {
    "mailbox-wrong": (Mailbox, [post_twice, Mailbox.take_wrong, Mailbox.take_wrong], None, "error"),
    "mailbox-right": (Mailbox, [post_twice, Mailbox.take_right, Mailbox.take_right], lambda b: not b.letters, "holds"),
    "missed-signal-wrong": (Signal, [Signal.wait_wrong, Signal.give], None, "deadlock"),
    "missed-signal-right": (Signal, [Signal.wait_right, Signal.give], None, "holds"),
    "event-wrong": (Started, [Started.announce_wrong, Started.use], None, "error"),
    "event-right": (Started, [Started.announce_right, Started.use], None, "holds"),
    "buffer-wrong": (
        Buffer,
        [lambda b: [b.put_wrong(1), b.put_wrong(2)], lambda b: [b.get(), b.get()]],
        None,
        "deadlock",
    ),
    "buffer-right": (
        Buffer,
        [lambda b: [b.put_right(1), b.put_right(2)], lambda b: [b.get(), b.get()]],
        lambda b: b.got == [1, 2],
        "holds",
    ),
    "sentinel-wrong": (Produced, [lambda p: p.produce(1), Produced.consume, Produced.consume], None, "deadlock"),
    "sentinel-right": (
        Produced,
        [lambda p: p.produce(2), Produced.consume, Produced.consume],
        lambda p: p.done == [1],
        "holds",
    ),
    "spawned-wrong": (Spawned, [Spawned.wrong], None, "error"),
    "spawned-right": (Spawned, [Spawned.right], None, "holds"),
    "worker-wrong": (list, [use_worker_early], None, "error"),
    "worker-right": (list, [use_worker, use_worker], None, "holds"),
    "gate-wrong": (Gate, [lambda g: g.enter(g.wrong)] * 2, None, "deadlock"),
    "gate-right": (Gate, [lambda g: g.enter(g.right)] * 2, lambda g: g.most == 1, "holds"),
    "phases-wrong": (lambda: Phases(3), [lambda p: p.work(0), lambda p: p.work(1)], None, "deadlock"),
    "phases-right": (Phases, [lambda p: p.work(0), lambda p: p.work(1)], lambda p: p.sums == [2, 4], "holds"),
    "late-wrong": (Late, [lambda p: p.work(0), lambda p: p.work(1)], lambda p: p.sums == [0], "check"),
    "late-right": (
        Late,
        [lambda p: p.work(0), lambda p: p.work(1)],
        lambda p: p.sums in ([0], ["broken", "broken"]),
        "holds",
    ),
    "deadline-wrong": (Deadline, [Deadline.wait_wrong, lambda d: d.jobs.put("job")], None, "error"),
    "deadline-right": (Deadline, [Deadline.wait_right, lambda d: d.jobs.put("job")], None, "holds"),
}
