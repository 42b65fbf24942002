"""A balance behind a property: its setter is called with what was read before."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self._balance = threading.Lock(), 0

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError(value)
        self._balance = value

    def deposit(self):
        self.balance += 5


class Right(Wrong):
    def deposit(self):
        with self.lock:
            self.balance += 5


threads = [lambda it: it.deposit(), lambda it: it.deposit()]


def check(it):
    assert it.balance == 10


WRONG = "check"
