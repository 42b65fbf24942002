"""How many there are of a class, kept in the class."""

import threading


class Wrong:
    lock = threading.Lock()
    alive = 0

    def __init__(self):
        type(self).alive = 0

    def born(self):
        type(self).alive += 1


class Right(Wrong):
    def born(self):
        with self.lock:
            super().born()


threads = [lambda it: it.born(), lambda it: it.born()]


def check(it):
    assert type(it).alive == 2


WRONG = "check"
