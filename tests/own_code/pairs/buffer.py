"""A buffer whose consumers wait with `while`, or with `if`: notify_all wakes both for one item."""

import threading


class Right:
    def __init__(self):
        self.items, self.changed = [], threading.Condition()

    def put(self, item):
        with self.changed:
            self.items.append(item)
            self.changed.notify_all()

    def get(self):
        with self.changed:
            while not self.items:
                self.changed.wait()
            return self.items.pop()


class Wrong(Right):
    def get(self):
        with self.changed:
            if not self.items:
                self.changed.wait()
            return self.items.pop()


threads = [lambda it: it.get(), lambda it: it.get(), lambda it: (it.put(1), it.put(2))]


def check(it):
    assert it.items == []


WRONG = "error"
