"""Counters, balances, stocks: right and wrong."""

import threading
from dataclasses import dataclass, field


class Counter:
    def __init__(self):
        self.n, self.lock = 0, threading.Lock()

    def wrong(self):
        self.n += 1

    def right(self):
        with self.lock:
            self.n += 1


total = 0
total_lock = threading.RLock()


def add_to_global_wrong(_):
    global total
    total += 1


def add_to_global_right(_):
    global total
    with total_lock, total_lock:
        total += 1


def global_is_two(_):
    assert total == 2


def closure(locked):
    """State in closure variables alone."""
    n, lock = 0, threading.Lock()

    def add():
        nonlocal n
        n += 1

    def add_safely():
        nonlocal n
        lock.acquire()
        try:
            n += 1
        finally:
            lock.release()

    return (add_safely if locked else add), lambda: n


@dataclass
class Account:
    balance: int = 100
    lock: threading.Lock = field(default_factory=threading.Lock)

    def withdraw_wrong(self, amount):
        if self.balance >= amount:
            self.balance -= amount

    def withdraw_right(self, amount):
        with self.lock:
            self.withdraw_wrong(amount)


class Bank:
    """Transfers between two accounts, each with a lock of its own."""

    def __init__(self):
        self.accounts = [Account(), Account()]

    def transfer_wrong(self, source, target):
        with self.accounts[source].lock, self.accounts[target].lock:
            self.accounts[source].balance -= 10
            self.accounts[target].balance += 10

    def transfer_right(self, source, target):
        first, second = sorted((source, target))
        with self.accounts[first].lock, self.accounts[second].lock:
            self.accounts[source].balance -= 10
            self.accounts[target].balance += 10

    def total(self):
        return sum(account.balance for account in self.accounts)


class Tally:
    """Counts words in a dictionary."""

    def __init__(self):
        self.words, self.lock = {}, threading.Lock()

    def wrong(self, word):
        self.words[word] = self.words.get(word, 0) + 1

    def right(self, word):
        with self.lock:
            if word in self.words:
                self.words[word] += 1
            else:
                self.words[word] = 1


class Slots:
    __slots__ = ("hits", "lock")

    def __init__(self):
        self.hits, self.lock = 0, threading.Lock()

    @property
    def seen(self):
        return self.hits

    def wrong(self):
        self.hits = self.seen + 1

    def right(self):
        with self.lock:
            self.wrong()


class OfClass:
    made = 0
    lock = threading.Lock()

    @classmethod
    def wrong(cls, _=None):
        cls.made += 1

    @classmethod
    def right(cls, _=None):
        with cls.lock:
            cls.made += 1


def two(thread):
    return [thread, thread]


CASES = {
    "counter-wrong": (Counter, two(Counter.wrong), lambda c: c.n == 2, "check"),
    "counter-right": (Counter, two(Counter.right), lambda c: c.n == 2, "holds"),
    "global-wrong": (lambda: None, two(add_to_global_wrong), global_is_two, "check"),
    "global-right": (lambda: None, two(add_to_global_right), global_is_two, "holds"),
    "closure-wrong": (lambda: closure(locked=False), two(lambda s: s[0]()), lambda s: s[1]() == 2, "check"),
    "closure-right": (lambda: closure(locked=True), two(lambda s: s[0]()), lambda s: s[1]() == 2, "holds"),
    "check-then-act-wrong": (Account, two(lambda a: a.withdraw_wrong(70)), lambda a: a.balance >= 0, "check"),
    "check-then-act-right": (Account, two(lambda a: a.withdraw_right(70)), lambda a: a.balance == 30, "holds"),
    "transfer-wrong": (
        Bank,
        [lambda b: b.transfer_wrong(0, 1), lambda b: b.transfer_wrong(1, 0)],
        lambda b: b.total() == 200,
        "deadlock",
    ),
    "transfer-right": (
        Bank,
        [lambda b: b.transfer_right(0, 1), lambda b: b.transfer_right(1, 0)],
        lambda b: b.total() == 200,
        "holds",
    ),
    "tally-wrong": (Tally, two(lambda t: t.wrong("a")), lambda t: t.words == {"a": 2}, "check"),
    "tally-right": (Tally, two(lambda t: t.right("a")), lambda t: t.words == {"a": 2}, "holds"),
    "slots-wrong": (Slots, two(Slots.wrong), lambda s: s.hits == 2, "check"),
    "slots-right": (Slots, two(Slots.right), lambda s: s.hits == 2, "holds"),
    "class-wrong": (lambda: None, two(OfClass.wrong), lambda _: OfClass.made == 2, "check"),
    "class-right": (lambda: None, two(OfClass.right), lambda _: OfClass.made == 2, "holds"),
}
