"""A callback is entered once, however often it is asked for."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.callbacks = threading.Lock(), []

    def register(self, callback):
        if callback not in self.callbacks:
            self.callbacks.append(callback)


class Right(Wrong):
    def register(self, callback):
        with self.lock:
            super().register(callback)


threads = [lambda it: it.register(print), lambda it: it.register(print)]


def check(it):
    assert it.callbacks == [print]


WRONG = "check"
