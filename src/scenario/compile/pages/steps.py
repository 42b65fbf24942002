"""Mistakes with where a step stands."""

from __future__ import annotations

from scenario.compile import codes
from scenario.diagnostics import Page


def in_steps(steps: str, keys: str = "") -> str:
    """An excerpt with other keys, a thread `A` and its steps."""
    indented = "".join(f"      {line}\n" for line in steps.splitlines())
    return f"{keys}threads:\n  A:\n    steps:\n{indented}"


COUNTER = "vars: {counter: 0}\n"
LOCK = "primitives: {lock: Lock}\n"
RESULTS = "vars: {results: []}\n"
POOL = "primitives: {pool: {ThreadPoolExecutor: 2}}\nroutines:\n  square: {params: [n], steps: [return: n * n]}\n"

STEPS = (
    Page(
        codes.OUTSIDE,
        "outside",
        "`break` or `continue` outside of a loop, or a bare `raise` outside of an `except`.",
        "There is nothing to leave, or nothing to raise again.",
        in_steps("- break"),
        in_steps("- repeat: 3\n  do: [break]"),
    ),
    Page(
        codes.NESTING,
        "nested-too-deep",
        "Blocks nest more than 18 deep, or an `if` has more than 500 `elif`.",
        "CPython compiles at most 20 nested blocks. As it counts them, a loop is one, each ref of `with` one, `try` one "
        "for its `except` and one for its `finally`, an `except` body and `raises` two, `if` none. An `elif` is an `if` in "
        "the `else` of another, which CPython does not compile without end either.",
        in_steps("- with: [" + ", ".join(["again"] * 19) + "]\n  do: [pass]", "primitives: {again: RLock}\n"),
        in_steps("- with: [" + ", ".join(["again"] * 18) + "]\n  do: [pass]", "primitives: {again: RLock}\n"),
    ),
    Page(
        codes.ATOMIC,
        "blocking-in-atomic",
        "A step inside `atomic` may block, or sleeps, submits or calls the user's own code.",
        "Nothing else runs during an atomic block, so what it waits for could never come. Its first step may block, for "
        "the block has not begun then: an untimed acquire, get, put, join, result, await, or wait on an event.",
        in_steps("- atomic:\n    - counter += 1\n    - acquire: lock", COUNTER + LOCK),
        in_steps("- atomic:\n    - acquire: lock\n    - counter += 1", COUNTER + LOCK),
    ),
    Page(
        codes.NO_EFFECT,
        "no-effect",
        "A statement computes a value that nothing uses.",
        "Statements assign, or call a method that changes a container. The value was probably meant for something.",
        in_steps("- results.count(1)", RESULTS),
        in_steps("- ones = results.count(1)", RESULTS),
    ),
)
