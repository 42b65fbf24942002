"""The last item of a shop."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.stock, self.sold = threading.Lock(), {"book": 1}, []

    def sell(self, item, to):
        if self.stock[item] > 0:
            self.sold.append(to)
            self.stock[item] -= 1


class Right(Wrong):
    def sell(self, item, to):
        with self.lock:
            super().sell(item, to)


threads = [lambda it: it.sell("book", "a"), lambda it: it.sell("book", "b")]


def check(it):
    assert (it.stock["book"], len(it.sold)) == (0, 1)


WRONG = "check"
