"""A decorator that remembers results, and says how often it had to compute."""

import functools
import threading


def memoised(lock):
    def decorate(function):
        known = {}

        @functools.wraps(function)
        def wrapper(key):
            with lock():
                if key not in known:
                    known[key] = function(key)
                return known[key]

        return wrapper

    return decorate


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


class Right:
    def __init__(self):
        lock, self.calls = threading.Lock(), []
        self.square = memoised(lambda: lock)(self.compute)

    def compute(self, key):
        self.calls.append(key)
        return key * key


class Wrong(Right):
    def __init__(self):
        self.calls = []
        self.square = memoised(Nothing)(self.compute)


threads = [lambda it: it.square(3), lambda it: it.square(3)]


def check(it):
    assert it.calls == [3]


WRONG = "check"
