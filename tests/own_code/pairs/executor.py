"""A pool's calls add to one number."""

import threading
from concurrent.futures import ThreadPoolExecutor


class Right:
    def __init__(self):
        self.lock, self.n = threading.Lock(), 0

    def add(self):
        with self.lock:
            self.n += 1

    def work(self):
        with ThreadPoolExecutor(max_workers=2) as pool:
            futures = [pool.submit(self.add) for _ in range(2)]
        for future in futures:
            future.result()


class Wrong(Right):
    def add(self):
        self.n += 1


threads = [lambda it: it.work()]


def check(it):
    assert it.n == 2


WRONG = "check"
