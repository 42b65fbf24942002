"""A cache in the order of use: another thread may have thrown out what was just found."""

import threading
from collections import OrderedDict


class Wrong:
    def __init__(self):
        self.lock, self.items = threading.Lock(), OrderedDict(a=1, b=2)

    def get(self, key):
        if key in self.items:
            self.items.move_to_end(key)
            return self.items[key]
        return None

    def throw_out(self):
        self.items.popitem(last=False)


class Right(Wrong):
    def get(self, key):
        with self.lock:
            return super().get(key)

    def throw_out(self):
        with self.lock:
            super().throw_out()


threads = [lambda it: it.get("a"), lambda it: it.throw_out()]


def check(it):
    assert len(it.items) == 1


WRONG = "error"
