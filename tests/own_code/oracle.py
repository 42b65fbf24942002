"""Interleavings of abstract threads, enumerated naively: each thread is a list of steps, nothing is reduced.

A step is ("R", variable), ("W", variable), ("take", lock) or ("give", lock).
"""


def interleavings(threads):
    """Every maximal sequence of (thread, position); one that ends with somebody waiting for a lock is a deadlock."""

    def go(done, held, path):
        moved = False
        for number, steps in enumerate(threads):
            if done[number] == len(steps):
                continue
            kind, what = steps[done[number]]
            if kind == "take" and what in held:
                continue
            moved = True
            after = held | {what} if kind == "take" else held - {what} if kind == "give" else held
            yield from go(
                (*done[:number], done[number] + 1, *done[number + 1 :]), after, (*path, (number, done[number]))
            )
        if not moved:
            yield path

    yield from go((0,) * len(threads), frozenset(), ())


def trace(threads, path):
    """What all interleavings of one class have in common: the order of each two dependent steps."""
    steps = [(thread, position, *threads[thread][position]) for thread, position in path]
    return frozenset(
        (steps[i][:2], steps[j][:2])
        for i in range(len(steps))
        for j in range(i + 1, len(steps))
        if steps[i][3] == steps[j][3] and (steps[i][2] != "R" or steps[j][2] != "R")
    ), frozenset(step[:2] for step in steps)


def counts(threads):
    """How many interleavings there are, and how many classes of them."""
    paths = list(interleavings(threads))
    return len(paths), len({trace(threads, path) for path in paths})
