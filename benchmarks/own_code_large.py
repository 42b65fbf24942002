"""A lost update in a module of 300 lines: how long `explore_code` takes to find it, first rewriting included.

`python benchmarks/own_code_large.py [--parts 12]`: a shop of so many departments, 25 lines each, every one with a lock, a cache, a journal and a
condition, as people write them; one counter of one department is changed outside of its lock. Two threads place orders that
go through all departments, a third restocks and looks. Beside it the mended module, which is to be undecided or hold, never to fail.
"""

import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from scenario import explore_code

HEAD = '''"""A shop, generated."""

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Order:
    number: int
    amounts: dict = field(default_factory=dict)
    refused: list = field(default_factory=list)

'''
PART = '''
class Department{number}:
    """Sells what it has, and keeps a journal."""

    def __init__(self):
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._stock = {{"tea": 40, "jam": 40}}
        self._prices = {{}}
        self._journal = deque(maxlen=50)
        self.sold = 0

    def price(self, article):
        with self._lock:
            if article not in self._prices:
                self._prices[article] = len(article) + {number}
            return self._prices[article]

    def sell(self, order, article, amount):
        with self._lock:
            if self._stock[article] < amount:
                order.refused.append(article)
                return 0
            self._stock[article] -= amount
            self._journal.append((order.number, article, amount))
        {count}
        return amount * self.price(article)

    def restock(self, article, amount):
        with self._changed:
            self._stock[article] += amount
            self._changed.notify_all()

'''
WRONG = "self.sold += amount"
RIGHT = "with self._lock:\n            self.sold += amount"
TAIL = """
class Shop:
    def __init__(self):
        self.departments = [{makers}]
        self.orders = [Order(number) for number in range(2)]

    def place(self, number):
        order = self.orders[number]
        for department in self.departments:
            order.amounts[id(department)] = department.sell(order, "tea", 1)

    def restock(self):
        for department in self.departments:
            department.restock("jam", 5)
"""


def text(parts: int, wrong: int | None) -> str:
    """The module; `wrong`: the department that forgets its lock."""
    count = {number: WRONG if number == wrong else RIGHT for number in range(parts)}
    body = "".join(PART.format(number=number, count=count[number]) for number in range(parts))
    makers = ", ".join(f"Department{number}()" for number in range(parts))
    return HEAD + body + TAIL.format(makers=makers)


def imported(name: str, source: str, folder: Path) -> ModuleType:
    (folder / f"{name}.py").write_text(source)
    return importlib.import_module(name)


def measured(module: ModuleType, seconds: float) -> str:
    def check(shop: object) -> None:
        sold = [department.sold for department in shop.departments]
        assert sold == [2] * len(sold), sold

    threads = [lambda shop: shop.place(0), lambda shop: shop.place(1), lambda shop: shop.restock()]
    began, worked = time.perf_counter(), time.process_time()
    found = explore_code(module.Shop, threads, check=check, modules=[module], max_seconds=seconds)
    took, work = time.perf_counter() - began, time.process_time() - worked
    known = found.failure.pattern.name if found.failure and found.failure.pattern else ""
    return f"{found.verdict:10} {took * 1000:8.0f} ms, of the processor {work * 1000:6.0f} ms  {found.executions:6,} executions  {known}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        sys.path.insert(0, name)
        for wrong in (0, asked.parts // 2, asked.parts - 1, None):
            source = text(asked.parts, wrong)
            module = imported(f"shop_{wrong}", source, Path(name))
            which = "mended" if wrong is None else f"wrong in {wrong}"
            print(f"{len(source.splitlines())} lines, {which:12} {measured(module, asked.seconds)}")


main()
