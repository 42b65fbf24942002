"""A variable of the module."""

import threading

lock = threading.Lock()
total = 0


class Wrong:
    def __init__(self):
        global total
        total = 0

    def add(self):
        global total
        total += 1


class Right(Wrong):
    def add(self):
        with lock:
            super().add()


threads = [lambda it: it.add(), lambda it: it.add()]


def check(it):
    assert total == 2


WRONG = "check"
