"""A counter in a closure."""

import threading


def counter(lock):
    n = 0

    def add():
        nonlocal n
        with lock:
            n += 1

    return add, lambda: n


class Unlocked:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


class Right:
    def __init__(self):
        self.add, self.value = counter(threading.Lock())


class Wrong:
    def __init__(self):
        self.add, self.value = counter(Unlocked())


threads = [lambda it: it.add(), lambda it: it.add()]


def check(it):
    assert it.value() == 2


WRONG = "check"
