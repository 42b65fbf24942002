"""Rows that are one list."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.rows = threading.Lock(), [[0]] * 2

    def add(self, row):
        self.rows[row][0] += 1


class Right(Wrong):
    def __init__(self):
        super().__init__()
        self.rows = [[0], [0]]


threads = [lambda it: it.add(0), lambda it: it.add(1)]


def check(it):
    assert sum(row[0] for row in {id(row): row for row in it.rows}.values()) == 2


WRONG = "check"
