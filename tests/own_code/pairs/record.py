"""A dataclass that two threads fill."""

import threading
from dataclasses import dataclass, field


@dataclass
class Right:
    hits: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hit(self):
        with self.lock:
            self.hits = self.hits + 1


class Wrong(Right):
    def hit(self):
        self.hits = self.hits + 1


threads = [lambda it: it.hit(), lambda it: it.hit()]


def check(it):
    assert it.hits == 2


WRONG = "check"
