"""A notification is not kept: who comes later waits for ever. An event is."""

import threading


class Wrong:
    def __init__(self):
        self.condition = threading.Condition()

    def tell(self):
        with self.condition:
            self.condition.notify()

    def hear(self):
        with self.condition:
            self.condition.wait()


class Right:
    def __init__(self):
        self.event = threading.Event()

    def tell(self):
        self.event.set()

    def hear(self):
        self.event.wait()


threads = [lambda it: it.tell(), lambda it: it.hear()]


def check(it):
    pass


WRONG = "deadlock"
