"""Double-checked locking that shows the object before it is whole."""

import threading


class Table:
    size = None


class Right:
    def __init__(self):
        self.lock, self.table = threading.Lock(), None

    def made(self):
        table = Table()
        table.size = 8
        self.table = table

    def size(self):
        if self.table is None:
            with self.lock:
                if self.table is None:
                    self.made()
        return self.table.size + 0


class Wrong(Right):
    def made(self):
        self.table = Table()
        self.table.size = 8


threads = [lambda it: it.size(), lambda it: it.size()]


def check(it):
    assert it.table.size == 8


WRONG = "error"
