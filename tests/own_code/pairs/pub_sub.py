"""Subscribers in a dict that another thread adds to while it is gone through."""

import threading


class Wrong:
    def __init__(self):
        self.lock, self.subscribers, self.heard = threading.Lock(), {}, []
        self.subscribers["first"] = self.heard.append

    def subscribe(self, name):
        with self.lock:
            self.subscribers[name] = self.heard.append

    def publish(self, message):
        for tell in self.subscribers.values():
            tell(message)


class Right(Wrong):
    def publish(self, message):
        with self.lock:
            all_of_them = list(self.subscribers.values())
        for tell in all_of_them:
            tell(message)


threads = [lambda it: it.subscribe("second"), lambda it: it.publish("news")]


def check(it):
    assert it.heard in (["news"], ["news", "news"])


WRONG = "error"
