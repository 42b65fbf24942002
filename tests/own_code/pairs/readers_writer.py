"""A readers–writer lock whose count of readers has a lock of its own, or none."""

import threading


class Right:
    def __init__(self):
        self.counting, self.room, self.readers, self.pages = threading.Lock(), threading.Lock(), 0, [0, 0]
        self.seen = []

    def enter(self):
        with self.counting:
            self.readers += 1
            if self.readers == 1:
                self.room.acquire()

    def leave(self):
        with self.counting:
            self.readers -= 1
            if self.readers == 0:
                self.room.release()

    def read(self):
        self.enter()
        self.seen.append(tuple(self.pages))
        self.leave()

    def write(self):
        with self.room:
            self.pages[0] += 1
            self.pages[1] += 1


class Wrong(Right):
    def enter(self):
        pass

    def leave(self):
        pass


threads = [lambda it: it.read(), lambda it: it.write()]


def check(it):
    assert set(it.seen) <= {(0, 0), (1, 1)}


WRONG = "check"
