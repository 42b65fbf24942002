"""A cell that can be written once: the second is told so."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.value, self.refused = threading.Lock(), None, []

    def put(self, value):
        if self.value is not None:
            self.refused.append(value)
            return
        self.value = value


class Right(Wrong):
    def put(self, value):
        with self.lock:
            super().put(value)


threads = [lambda it: it.put("a"), lambda it: it.put("b")]


def check(it):
    assert {it.value, *it.refused} == {"a", "b"}


WRONG = "check"
