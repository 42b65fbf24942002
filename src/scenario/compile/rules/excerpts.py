"""What the excerpts of these pages have in common."""

from __future__ import annotations


def in_steps(steps: str, keys: str = "") -> str:
    """An excerpt with other keys, a thread `A` and its steps."""
    indented = "".join(f"      {line}\n" for line in steps.splitlines())
    return f"{keys}threads:\n  A:\n    steps:\n{indented}"


COUNTER = "vars: {counter: 0}\n"
LOCK = "primitives: {lock: Lock}\n"
RESULTS = "vars: {results: []}\n"
POOL = "primitives: {pool: {ThreadPoolExecutor: 2}}\nroutines:\n  square: {params: [n], steps: [return: n * n]}\n"
