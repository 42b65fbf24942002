"""A pool of one connection: a semaphore counts what can be taken."""

import threading


class Right:
    def __init__(self):
        self.free, self.places, self.used = ["connection"], threading.Semaphore(1), 0

    def use(self):
        with self.places:
            connection = self.free.pop()
            self.used += 1
            self.free.append(connection)


class Wrong(Right):
    def use(self):
        connection = self.free.pop()
        self.free.append(connection)


threads = [lambda it: it.use(), lambda it: it.use()]


def check(it):
    assert it.free == ["connection"]


WRONG = "error"
