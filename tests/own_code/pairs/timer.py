"""A timer and its cancelling: what it does may have begun."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.log, self.closed = threading.Lock(), [], False

    def flush(self):
        self.log.append("closed" if self.closed else "open")

    def work(self):
        timer = threading.Timer(1, self.flush)
        timer.start()
        timer.cancel()
        self.finish(timer)
        self.closed = True

    def finish(self, timer):
        pass


class Right(Wrong):
    def finish(self, timer):
        timer.join()


threads = [lambda it: it.work()]


def check(it):
    assert "closed" not in it.log


WRONG = "check"
