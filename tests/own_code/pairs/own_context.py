"""What belongs to the thread: an attribute of all, or a `threading.local`."""

import threading


class Plain:
    pass


class Wrong:
    kind = Plain

    def __init__(self):
        self.context, self.seen = self.kind(), []

    def handle(self, user):
        self.context.user = user
        self.seen.append((user, self.context.user))


class Right(Wrong):
    kind = threading.local


threads = [lambda it: it.handle("a"), lambda it: it.handle("b")]


def check(it):
    assert all(asked == got for asked, got in it.seen)


WRONG = "check"
