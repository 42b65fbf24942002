"""Numbers that are given out once each."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.last, self.given = threading.Lock(), 0, []

    def next(self):
        self.last += 1
        return self.last

    def ask(self):
        self.given.append(self.next())


class Right(Wrong):
    def next(self):
        with self.lock:
            self.last += 1
            return self.last


threads = [lambda it: it.ask(), lambda it: it.ask()]


def check(it):
    assert sorted(it.given) == [1, 2]


WRONG = "check"
