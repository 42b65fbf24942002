"""A linked list that grows at its head."""

import threading


class Node:
    def __init__(self, value, after):
        self.value, self.after = value, after


class Wrong:
    def __init__(self):
        self.lock, self.head = threading.Lock(), None

    def push(self, value):
        self.head = Node(value, self.head)

    def values(self):
        node = self.head
        while node is not None:
            yield node.value
            node = node.after


class Right(Wrong):
    def push(self, value):
        with self.lock:
            super().push(value)


threads = [lambda it: it.push(1), lambda it: it.push(2)]


def check(it):
    assert sorted(it.values()) == [1, 2]


WRONG = "check"
