"""How often each word came: `get` and the assignment are two steps."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.of = threading.Lock(), {}

    def count(self, word):
        self.of[word] = self.of.get(word, 0) + 1


class Right(Wrong):
    def count(self, word):
        with self.lock:
            super().count(word)


threads = [lambda it: it.count("a"), lambda it: it.count("a")]


def check(it):
    assert it.of == {"a": 2}


WRONG = "check"
