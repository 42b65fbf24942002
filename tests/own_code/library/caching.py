"""What functools keeps: right and wrong."""

import threading
from functools import cached_property, lru_cache

made = []


class Settings:
    def __init__(self):
        self.lock, self.made = threading.Lock(), []

    @cached_property
    def value(self):
        self.made.append(1)
        return len(self.made)

    def wrong(self):
        return self.value

    def right(self):
        with self.lock:
            return self.value


@lru_cache(maxsize=2)
def expensive(number):
    made.append(number)
    return number * 2


lock = threading.Lock()


def use(_):
    assert expensive(3) == 6


def use_with_lock(_):
    with lock:
        assert expensive(3) == 6


CASES = {
    "lru-cache-wrong": (lambda: None, [use] * 2, lambda _: made == [3], "check"),
    "lru-cache-right": (lambda: None, [use_with_lock] * 2, lambda _: made == [3], "holds"),
    "cached-property-right": (Settings, [Settings.right] * 2, lambda s: s.made == [1], "holds"),
}
