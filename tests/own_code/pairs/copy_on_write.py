"""Listeners in a tuple that is replaced."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.listeners = threading.Lock(), ()

    def add(self, listener):
        self.listeners = (*self.listeners, listener)


class Right(Wrong):
    def add(self, listener):
        with self.lock:
            super().add(listener)


threads = [lambda it: it.add("a"), lambda it: it.add("b")]


def check(it):
    assert set(it.listeners) == {"a", "b"}


WRONG = "check"
