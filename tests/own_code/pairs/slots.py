"""A small object with slots."""

import threading


class Wrong:
    __slots__ = ("lock", "n")

    def __init__(self):
        self.lock, self.n = threading.Lock(), 0

    def add(self):
        self.n += 1


class Right(Wrong):
    __slots__ = ()

    def add(self):
        with self.lock:
            self.n += 1


threads = [lambda it: it.add(), lambda it: it.add()]


def check(it):
    assert it.n == 2


WRONG = "check"
