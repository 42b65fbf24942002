"""Money moves between two accounts; another looks at both."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.a, self.b, self.seen = threading.Lock(), 10, 0, None

    def move(self):
        self.a -= 3
        self.b += 3

    def total(self):
        self.seen = self.a + self.b


class Right(Wrong):
    def move(self):
        with self.lock:
            super().move()

    def total(self):
        with self.lock:
            super().total()


threads = [lambda it: it.move(), lambda it: it.total()]


def check(it):
    assert it.seen == 10


WRONG = "check"
