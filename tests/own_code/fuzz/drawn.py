"""A program by its seed: a module with a state and two threads, of statements of the vocabulary."""

import textwrap
from random import Random

from own_code.fuzz.vocabulary import HEADER, KINDS

WALKS = """
    def walk(self):
        for x in self.xs:
            yield x

    def walk_numbers(self):
        for x in self.numbers:
            yield x

    def shared_gen(self):
        if self.kept_gen is None:
            self.kept_gen = self.walk_numbers()
        return self.kept_gen

    def shared_iter(self):
        if self.kept_iter is None:
            self.kept_iter = iter(self.numbers)
        return self.kept_iter

    def take_two(self):
        return [x for x, _ in zip(self.it, range(2))]
"""
THREADS = ("t0", "t1")


def program(seed):
    """The module's text, and the globals to be observed."""
    random = Random(seed)
    kinds = [KINDS[name] for name in random.sample(sorted(KINDS), random.choice((1, 1, 2)))]
    return written(kinds, [_thread(random, kinds, thread) for thread in range(2)])


def pair(name, read, *changes):
    """A program of one kind: a thread that reads and one that changes."""
    threads = [["def t0(it):", *_tried(f"it.r = {read}", "e0"), ""], ["def t1(it):"]]
    for number, change in enumerate(changes):
        threads[1] += _tried(change, f"e1{number}")
    return written([KINDS[name]], threads)


def _tried(line, name):
    text = ["try:", f"    {line}", "except Exception as error:", f"    it.{name} = type(error).__name__"]
    return [f"    {each}" for each in text]


def written(kinds, threads):
    text = [
        HEADER,
        *(kind.module for kind in kinds),
        "\nclass State:\n    shared = 0\n    made = 0\n",
        "    def __init__(self):",
    ]
    text += ["        self.lock = Lock()", *(f"        {kind.init}" for kind in kinds if kind.init), WALKS]
    resets = [kind.reset for kind in kinds if kind.reset]
    text += ["def reset():", *(textwrap.indent(each, "    ") for each in resets or ["pass"]), ""]
    text += [line for thread in threads for line in thread]
    return "\n".join(text), tuple(name for kind in kinds for name in kind.names)


def _thread(random, kinds, thread):
    """Mostly one of them reads and the other changes."""
    lines = [f"def t{thread}(it):"]
    locked = random.random() < 0.1
    for number in range(random.choice((1, 1, 2, 2, 3))):
        kind = random.choice(kinds)
        reads = random.random() < (0.7 if thread == 0 else 0.25)
        body = (
            [f"it.r{thread}{number} = {random.choice(kind.reads)}"] if reads else random.choice(kind.writes).split("; ")
        )
        block = ["try:", *(f"    {line}" for line in body), "except Exception as error:"]
        block += [f"    it.e{thread}{number} = type(error).__name__"]
        if locked and random.random() < 0.8:
            block = ["with it.lock:", *(f"    {line}" for line in block)]
        lines += [f"    {line}" for line in block]
    return [*lines, ""]
