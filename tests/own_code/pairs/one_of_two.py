"""Two wait for different things on one condition: `notify` may wake the wrong one."""

import threading


class Right:
    def __init__(self):
        self.changed, self.a, self.b = threading.Condition(), False, False

    def tell(self):
        self.changed.notify_all()

    def wait_a(self):
        with self.changed:
            while not self.a:
                self.changed.wait()

    def wait_b(self):
        with self.changed:
            while not self.b:
                self.changed.wait()

    def set_both(self):
        with self.changed:
            self.a = True
            self.tell()
        with self.changed:
            self.b = True
            self.tell()


class Wrong(Right):
    def tell(self):
        self.changed.notify()


threads = [lambda it: it.wait_a(), lambda it: it.wait_b(), lambda it: it.set_both()]


def check(it):
    assert it.a
    assert it.b


WRONG = "deadlock"
