"""A context manager that forgets to give back when its body raises."""

import threading
from contextlib import contextmanager


class Wrong:
    def __init__(self):
        self.lock, self.entered = threading.Lock(), 0

    @contextmanager
    def locked(self):
        self.lock.acquire()
        yield
        self.lock.release()

    def fail(self):
        try:
            with self.locked():
                self.entered += 1
                raise ValueError
        except ValueError:
            pass


class Right(Wrong):
    @contextmanager
    def locked(self):
        self.lock.acquire()
        try:
            yield
        finally:
            self.lock.release()


threads = [lambda it: it.fail(), lambda it: it.fail()]


def check(it):
    assert it.entered == 2


WRONG = "deadlock"
