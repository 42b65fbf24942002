"""A latch that is looked at before its lock is taken: the last count-down comes in between."""

import threading


class Right:
    def __init__(self):
        self.changed, self.left, self.opened = threading.Condition(), 1, 0

    def count_down(self):
        with self.changed:
            self.left -= 1
            self.changed.notify_all()

    def wait(self):
        with self.changed:
            while self.left:
                self.changed.wait()
        self.opened += 1


class Wrong(Right):
    def wait(self):
        if self.left:
            with self.changed:
                self.changed.wait()
        self.opened += 1


threads = [lambda it: it.count_down(), lambda it: it.wait()]


def check(it):
    assert it.opened == 1


WRONG = "deadlock"
