"""A promise of its own: the value before the event, or after."""

import threading


class Right:
    def __init__(self):
        self.kept, self.value, self.got = threading.Event(), None, []

    def keep(self, value):
        self.value = value
        self.kept.set()

    def result(self):
        self.kept.wait()
        self.got.append(self.value)


class Wrong(Right):
    def keep(self, value):
        self.kept.set()
        self.value = value


threads = [lambda it: it.keep(42), lambda it: it.result()]


def check(it):
    assert it.got == [42]


WRONG = "check"
