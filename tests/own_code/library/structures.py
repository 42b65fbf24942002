"""Caches, lazy values, pools, locks of one's own, publishers, limits: right and wrong."""

import threading
from collections import OrderedDict, deque


class Lazy:
    """Made once."""

    def __init__(self):
        self.lock, self.value, self.made = threading.Lock(), None, 0

    def make(self):
        self.made += 1
        return object()

    def wrong(self):
        if self.value is None:
            self.value = self.make()
        return self.value

    def right(self):
        if self.value is None:
            with self.lock:
                if self.value is None:
                    self.value = self.make()
        return self.value


class Cache(OrderedDict):
    """The two used last."""

    def __init__(self):
        super().__init__(a=1, b=2)
        self.lock = threading.Lock()

    def look_wrong(self, key):
        if key in self:
            self.move_to_end(key)
            return self[key]
        return None

    def add_wrong(self, key):
        self[key] = key
        if len(self) > 2:
            self.popitem(last=False)

    def look_right(self, key):
        with self.lock:
            return self.look_wrong(key)

    def add_right(self, key):
        with self.lock:
            self.add_wrong(key)


class Pool:
    """Connections that are lent."""

    def __init__(self):
        self.free, self.lock, self.lent = deque(["one"]), threading.Lock(), []

    def borrow_wrong(self):
        if self.free:
            self.lent.append(self.free.popleft())

    def borrow_right(self):
        with self.lock:
            self.borrow_wrong()


class ReadersWriters:
    """The first reader locks writers out, the last lets them in; the wrong one counts without a lock."""

    def __init__(self):
        self.readers, self.mutex, self.room = 0, threading.Lock(), threading.Semaphore()
        self.value = self.seen = 0

    def enter(self):
        self.readers += 1
        if self.readers == 1:
            self.room.acquire()

    def leave(self):
        self.readers -= 1
        if self.readers == 0:
            self.room.release()

    def read_right(self):
        with self.mutex:
            self.enter()
        self.seen = self.value
        with self.mutex:
            self.leave()

    def read_wrong(self):
        self.enter()
        self.seen = self.value
        self.leave()

    def write(self):
        with self.room:
            self.value = 1
            self.value = 2

    def sees_no_half(self):
        return self.seen != 1


class Bus:
    """Subscribers that come and go while messages are given out."""

    def __init__(self):
        self.subscribers, self.lock, self.got = {"a": []}, threading.Lock(), 0

    def publish_wrong(self):
        for inbox in self.subscribers.values():
            inbox.append("message")

    def publish_right(self):
        with self.lock:
            inboxes = list(self.subscribers.values())
        for inbox in inboxes:
            inbox.append("message")

    def subscribe(self):
        with self.lock:
            self.subscribers["b"] = []


class Limit:
    """At most one at a time."""

    def __init__(self):
        self.lock, self.used = threading.Lock(), 0
        self.let_in = []

    def wrong(self):
        with self.lock:
            free = self.used < 1
        if free:
            with self.lock:
                self.used += 1
            self.let_in.append(1)

    def right(self):
        with self.lock:
            if self.used >= 1:
                return
            self.used += 1
        self.let_in.append(1)


class Peterson:
    """Mutual exclusion by flags alone, for two."""

    def __init__(self):
        self.wants, self.turn, self.inside, self.n = [False, False], 0, 0, 0

    def try_enter(self, me, ordered):
        other = 1 - me
        if ordered:
            self.wants[me] = True
            self.turn = other
        else:
            self.turn = other
            self.wants[me] = True
        if self.wants[other] and self.turn == other:
            return
        self.inside += 1
        assert self.inside == 1
        self.inside -= 1
        self.wants[me] = False


class Tree:
    """Locks that are taken parent first, by a subclass that calls its base."""

    def __init__(self):
        self.parent, self.child = threading.RLock(), threading.RLock()
        self.n = 0

    def update(self):
        with self.parent, self.child:
            self.n += 1


class Careless(Tree):
    def update(self):
        with self.child:
            super().update()


CASES = {
    "lazy-wrong": (Lazy, [Lazy.wrong] * 2, lambda lazy: lazy.made == 1, "check"),
    "lazy-right": (Lazy, [Lazy.right] * 2, lambda lazy: lazy.made == 1, "holds"),
    "cache-wrong": (Cache, [lambda c: c.look_wrong("a"), lambda c: c.add_wrong("c")], None, "error"),
    "cache-right": (Cache, [lambda c: c.look_right("a"), lambda c: c.add_right("c")], None, "holds"),
    "pool-wrong": (Pool, [Pool.borrow_wrong] * 2, None, "error"),
    "pool-right": (Pool, [Pool.borrow_right] * 2, lambda p: p.lent == ["one"], "holds"),
    "readers-writers-wrong": (
        ReadersWriters,
        [ReadersWriters.read_wrong, ReadersWriters.read_wrong, ReadersWriters.write],
        ReadersWriters.sees_no_half,
        "any",
    ),
    "readers-writers-right": (
        ReadersWriters,
        [ReadersWriters.read_right, ReadersWriters.read_right, ReadersWriters.write],
        ReadersWriters.sees_no_half,
        "holds",
    ),
    "bus-wrong": (Bus, [Bus.publish_wrong, Bus.subscribe], None, "error"),
    "bus-right": (Bus, [Bus.publish_right, Bus.subscribe], None, "holds"),
    "limit-wrong": (Limit, [Limit.wrong] * 2, lambda limit: len(limit.let_in) == 1, "check"),
    "limit-right": (Limit, [Limit.right] * 2, lambda limit: len(limit.let_in) == 1, "holds"),
    "peterson-wrong": (
        Peterson,
        [lambda p: p.try_enter(0, ordered=False), lambda p: p.try_enter(1, ordered=False)],
        None,
        "error",
    ),
    "peterson-right": (
        Peterson,
        [lambda p: p.try_enter(0, ordered=True), lambda p: p.try_enter(1, ordered=True)],
        None,
        "holds",
    ),
    "tree-wrong": (
        lambda: (Tree(), Careless()),
        [lambda t: Tree.update(t[1]), lambda t: t[1].update()],
        None,
        "deadlock",
    ),
    "tree-right": (Tree, [Tree.update] * 2, lambda t: t.n == 2, "holds"),
}
