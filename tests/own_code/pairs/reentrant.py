"""A method that holds the lock calls another that takes it."""

import threading


class Wrong:
    kind = staticmethod(threading.Lock)

    def __init__(self):
        self.lock, self.items = self.kind(), []

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def add_all(self, *items):
        with self.lock:
            for item in items:
                self.add(item)


class Right(Wrong):
    kind = staticmethod(threading.RLock)


threads = [lambda it: it.add_all(1), lambda it: it.add_all(2)]


def check(it):
    assert sorted(it.items) == [1, 2]


WRONG = "deadlock"
