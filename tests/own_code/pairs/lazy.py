"""A connection made at its first use, by one thread only."""

import threading


class Connection:
    pass


class Wrong:
    def __init__(self):
        self.lock, self._connection, self.given = threading.Lock(), None, []

    def connection(self):
        if self._connection is None:
            self._connection = Connection()
        return self._connection

    def use(self):
        self.given.append(self.connection())


class Right(Wrong):
    def connection(self):
        if self._connection is None:
            with self.lock:
                if self._connection is None:
                    self._connection = Connection()
        return self._connection


threads = [lambda it: it.use(), lambda it: it.use()]


def check(it):
    first, second = it.given
    assert first is second


WRONG = "check"
