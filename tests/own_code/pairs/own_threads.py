"""Threads of a class of its own, which the code itself starts."""

import threading


class Adder(threading.Thread):
    def __init__(self, to):
        super().__init__()
        self.to = to

    def run(self):
        self.to.add()


class Right:
    def __init__(self):
        self.lock, self.n = threading.Lock(), 0

    def add(self):
        with self.lock:
            self.n += 1

    def work(self):
        adders = [Adder(self), Adder(self)]
        for adder in adders:
            adder.start()
        for adder in adders:
            adder.join()


class Wrong(Right):
    def add(self):
        self.n += 1


threads = [lambda it: it.work()]


def check(it):
    assert it.n == 2


WRONG = "check"
