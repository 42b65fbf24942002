"""A counter: an increment is a read and a write."""

import threading


class Right:
    def __init__(self):
        self.lock, self.n = threading.Lock(), 0

    def add(self):
        with self.lock:
            self.n += 1


class Wrong(Right):
    def add(self):
        self.n += 1


threads = [lambda it: it.add(), lambda it: it.add()]


def check(it):
    assert it.n == 2


WRONG = "check"
