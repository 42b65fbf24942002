"""A worker that looks at a flag and then waits for a job that will not come."""

import queue


class Wrong:
    def __init__(self):
        self.jobs, self.stopped = queue.Queue(), False

    def work(self):
        while not self.stopped:
            self.jobs.get()

    def stop(self):
        self.stopped = True


class Right(Wrong):
    def work(self):
        while self.jobs.get() is not None:
            pass

    def stop(self):
        self.jobs.put(None)


threads = [lambda it: it.work(), lambda it: it.stop()]


def check(it):
    assert it.jobs.empty()


WRONG = "deadlock"
