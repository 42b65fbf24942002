"""Two phases: each reads what the other wrote in the first."""

import threading


class Right:
    def __init__(self):
        self.barrier, self.cells, self.sums = threading.Barrier(2), [0, 0], []

    def meet(self):
        self.barrier.wait()

    def work(self, index):
        self.cells[index] = 1
        self.meet()
        self.sums.append(self.cells[0] + self.cells[1])


class Wrong(Right):
    def meet(self):
        pass


threads = [lambda it: it.work(0), lambda it: it.work(1)]


def check(it):
    assert it.sums == [2, 2]


WRONG = "check"
