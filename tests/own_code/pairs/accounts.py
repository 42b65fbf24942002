"""A transfer takes both accounts' locks: in the order of the call, or of their numbers."""

import threading


class Account:
    def __init__(self, number):
        self.number, self.lock, self.balance = number, threading.Lock(), 10


class Wrong:
    def __init__(self):
        self.a, self.b = Account(1), Account(2)

    def order(self, source, target):
        return source, target

    def transfer(self, source, target):
        first, second = self.order(source, target)
        with first.lock, second.lock:
            source.balance -= 1
            target.balance += 1


class Right(Wrong):
    def order(self, source, target):
        return sorted((source, target), key=lambda account: account.number)


threads = [lambda it: it.transfer(it.a, it.b), lambda it: it.transfer(it.b, it.a)]


def check(it):
    assert (it.a.balance, it.b.balance) == (10, 10)


WRONG = "deadlock"
