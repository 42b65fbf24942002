"""Who waits for a queue's `join` waits for each item's `task_done`."""

import queue


class Wrong:
    def __init__(self):
        self.jobs, self.done = queue.Queue(), []

    def work(self):
        self.done.append(self.jobs.get())

    def hand_in(self):
        self.jobs.put("job")
        self.jobs.join()


class Right(Wrong):
    def work(self):
        super().work()
        self.jobs.task_done()


threads = [lambda it: it.work(), lambda it: it.hand_in()]


def check(it):
    assert it.done == ["job"]


WRONG = "deadlock"
