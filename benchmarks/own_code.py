"""explore_code on the well-known examples: verdict, executions, seconds; beside frontrun where that is installed.

`python benchmarks/own_code.py`; with frontrun: `frontrun python benchmarks/own_code.py`. Each figure is the best of five whole
calls in one process: the module is rewritten in the first.
"""

import threading
import time
from collections.abc import Callable

from scenario import explore_code


class Counter:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        value = self.value
        self.value = value + 1


class Bank:
    def __init__(self) -> None:
        self.accounts = {"a": 100, "b": 100}

    def transfer(self, source: str, target: str) -> None:
        left = self.accounts[source]
        there = self.accounts[target]
        self.accounts[source] = left - 10
        self.accounts[target] = there + 10


class Lazy:
    def __init__(self) -> None:
        self.value: object = None
        self.made = 0

    def get(self) -> None:
        if self.value is None:
            self.made = self.made + 1
            self.value = object()


class Forks:
    def __init__(self, count: int) -> None:
        self.forks = [threading.Lock() for _ in range(count)]

    def eat(self, seat: int) -> None:
        with self.forks[seat], self.forks[(seat + 1) % len(self.forks)]:
            pass


class Buffer:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.changed = threading.Condition()

    def put(self, item: int) -> None:
        with self.changed:
            while self.items:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify_all()

    def get(self) -> None:
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.items.pop()
            self.changed.notify_all()


Example = tuple[Callable[[], object], list[Callable[[object], object]], Callable[[object], bool]]
EXAMPLES: dict[str, Example] = {
    "lost update": (Counter, [lambda c: c.increment()] * 2, lambda c: c.value == 2),
    "bank transfer": (
        Bank,
        [lambda b: b.transfer("a", "b"), lambda b: b.transfer("b", "a")],
        lambda b: sum(b.accounts.values()) == 200,
    ),
    "check-then-act": (Lazy, [lambda lazy: lazy.get()] * 2, lambda lazy: lazy.made == 1),
    "AB/BA": (lambda: Forks(2), [lambda f: f.eat(0), lambda f: f.eat(1)], lambda _: True),
    "philosophers 3": (
        lambda: Forks(3),
        [lambda f: f.eat(0), lambda f: f.eat(1), lambda f: f.eat(2)],
        lambda _: True,
    ),
    "bounded buffer": (
        Buffer,
        [lambda b: [b.put(1), b.put(2)], lambda b: [b.get(), b.get()]],
        lambda b: not b.items,
    ),
}


def best(call: Callable[[], str], clock: Callable[[], float] = time.perf_counter) -> tuple[float, str]:
    """Seconds and what was found."""
    found = []
    for _ in range(5):
        began = clock()
        said = call()
        found.append((clock() - began, said))
    return min(found)


def ours(example: Example) -> str:
    setup, threads, check = example
    found = explore_code(setup, threads, check=check)
    return f"{found.verdict} in {found.executions}"


def theirs(example: Example) -> str:
    import frontrun  # noqa: PLC0415 (where it is installed)

    setup, threads, check = example
    try:
        found = frontrun.explore(setup=setup, workers=threads, invariant=check)
    except Exception as error:  # noqa: BLE001 (whatever it raises is its answer)
        return type(error).__name__
    return f"{'holds' if found.property_holds else 'fails'} in {found.num_explored}"


def per_execution() -> float:
    """CPU microseconds: two threads of four accesses each, 70 interleavings, without the start of the search."""

    def twice(counter: Counter) -> None:
        counter.increment()
        counter.increment()

    few = best(
        lambda: str(explore_code(Counter, [twice, twice], strategy="every", max_executions=10)), time.process_time
    )[0]
    many = best(lambda: str(explore_code(Counter, [twice, twice], strategy="every")), time.process_time)[0]
    return (many - few) / (71 - 10) * 1e6


def has_frontrun() -> bool:
    try:
        import frontrun  # noqa: F401, PLC0415 (whether it is there)
    except ImportError:
        return False
    return True


def main() -> None:
    print(f"{per_execution():.0f} µs of CPU an execution of two threads with four accesses each")
    print("seconds of the processor, and of the clock, the best of five calls with each tool's defaults")
    for name, example in EXAMPLES.items():
        line = f"{name:16} {_told(lambda example=example: ours(example))}"
        if has_frontrun():
            line += f"  frontrun {_told(lambda example=example: theirs(example))}"
        print(line)


def _told(call: Callable[[], str]) -> str:
    used, said = best(call, time.process_time)
    return f"{used * 1e3:7.1f} {best(call)[0] * 1e3:8.1f} ms  {said:16}"


if __name__ == "__main__":
    main()
