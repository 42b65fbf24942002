"""Who adds to a budget checks it first; an error ends the thread."""

import threading


class Right:
    def __init__(self):
        self.lock, self.left = threading.Lock(), 5

    def spend(self, amount):
        with self.lock:
            if self.left >= amount:
                self.take(amount)

    def take(self, amount):
        self.left -= amount
        if self.left < 0:
            raise ValueError(self.left)


class Wrong(Right):
    def spend(self, amount):
        if self.left >= amount:
            self.take(amount)


threads = [lambda it: it.spend(4), lambda it: it.spend(3)]


def check(it):
    assert it.left >= 0


WRONG = "error"
