"""A mean of two fields that belong together."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.sum, self.count, self.seen = threading.Lock(), 4, 1, None

    def add(self):
        self.sum += 4
        self.count += 1

    def mean(self):
        return self.sum / self.count

    def look(self):
        self.seen = self.mean()


class Right(Wrong):
    def add(self):
        with self.lock:
            super().add()

    def mean(self):
        with self.lock:
            return super().mean()


threads = [lambda it: it.add(), lambda it: it.look()]


def check(it):
    assert it.seen == 4


WRONG = "check"
