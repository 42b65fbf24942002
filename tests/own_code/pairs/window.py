"""The last measurements and their sum."""

import collections
import threading


class Wrong:
    def __init__(self):
        self.lock, self.last, self.sum = threading.Lock(), collections.deque([1, 2]), 3

    def add(self, value):
        self.last.append(value)
        self.sum += value - self.last.popleft()


class Right(Wrong):
    def add(self, value):
        with self.lock:
            super().add(value)


threads = [lambda it: it.add(5), lambda it: it.add(7)]


def check(it):
    assert it.sum == sum(it.last)


WRONG = "check"
