"""Lists by key, each made when its key first comes."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.of = threading.Lock(), {}

    def add(self, key, value):
        if key not in self.of:
            self.of[key] = []
        self.of[key].append(value)


class Right(Wrong):
    def add(self, key, value):
        self.of.setdefault(key, []).append(value)


threads = [lambda it: it.add("k", 1), lambda it: it.add("k", 2)]


def check(it):
    assert sorted(it.of["k"]) == [1, 2]


WRONG = "check"
