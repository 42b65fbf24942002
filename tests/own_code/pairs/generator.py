"""A generator that two threads draw from: CPython refuses the second."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.drawn, self.n = threading.Lock(), [], 0
        self.source = self.naturals()

    def naturals(self):
        while True:
            yield self.n
            self.n += 1

    def draw(self):
        self.drawn.append(next(self.source))


class Right(Wrong):
    def draw(self):
        with self.lock:
            super().draw()


threads = [lambda it: it.draw(), lambda it: (it.draw(), it.draw())]


def check(it):
    assert sorted(it.drawn) == [0, 1, 2]


WRONG = "error"
