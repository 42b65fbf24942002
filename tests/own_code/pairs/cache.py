"""A cache that promises to compute once: whoever looks before the other has stored computes too."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.values, self.computed = threading.Lock(), {}, []

    def compute(self, key):
        self.computed.append(key)
        return key * 2

    def get(self, key):
        if key not in self.values:
            self.values[key] = self.compute(key)
        return self.values[key]


class Right(Wrong):
    def get(self, key):
        with self.lock:
            return super().get(key)


threads = [lambda it: it.get(3), lambda it: it.get(3)]


def check(it):
    assert it.computed == [3]


WRONG = "check"
