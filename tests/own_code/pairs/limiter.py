"""A rate limiter with one token left."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.tokens, self.passed = threading.Lock(), 1, []

    def allow(self):
        if self.tokens > 0:
            self.tokens -= 1
            return True
        return False

    def call(self, who):
        if self.allow():
            self.passed.append(who)


class Right(Wrong):
    def allow(self):
        with self.lock:
            return super().allow()


threads = [lambda it: it.call("a"), lambda it: it.call("b")]


def check(it):
    assert len(it.passed) == 1


WRONG = "check"
