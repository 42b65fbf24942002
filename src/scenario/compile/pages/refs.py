"""Mistakes with what a verb uses: primitives, threads, routines."""

from __future__ import annotations

from scenario.compile import codes
from scenario.compile.pages.steps import LOCK, POOL, in_steps
from scenario.diagnostics import Page

REFS = (
    Page(
        codes.UNKNOWN_REF,
        "unknown-primitive-or-thread",
        "A verb names a primitive or thread that the file does not declare.",
        "All primitives are declared under `primitives` and all threads under `threads`.",
        in_steps("- acquire: lok", LOCK),
        in_steps("- {with: lock, do: [pass]}", LOCK),
    ),
    Page(
        codes.WRONG_VERB,
        "wrong-verb",
        "A verb does not go with this kind of primitive.",
        "Each kind has the methods of Python's own class. One waits for an event and acquires a lock.",
        in_steps("- acquire: ready", "primitives: {ready: Event}\n"),
        in_steps("- {wait: ready, timeout: 1}", "primitives: {ready: Event}\n"),
    ),
    Page(
        codes.MODIFIER,
        "unfit-modifier",
        "A modifier does not go with this kind of primitive.",
        "Some verbs go with several kinds, whose methods take different arguments: only a semaphore is released "
        "several times at once.",
        in_steps("- acquire: lock\n- {release: lock, n: 2}", LOCK),
        in_steps("- {release: slots, n: 2}", "primitives: {slots: {Semaphore: 0}}\n"),
    ),
    Page(
        codes.METHOD_OF_PRIMITIVE,
        "method-of-a-primitive",
        "A primitive's method is called in a statement or expression.",
        "What blocks or changes a primitive is a step of its own, so that it can be seen, scheduled and explained.",
        in_steps("- lock.acquire()\n- lock.release()", LOCK),
        in_steps("- acquire: lock\n- release: lock", LOCK),
    ),
    Page(
        codes.ELEMENT,
        "element",
        "An element is asked of what has none, or out of range, or missing.",
        "An array or group is used one element at a time: `forks[0]`; `start` and `join` also take a whole group.",
        in_steps("- {with: 'forks[5]', do: [pass]}", "primitives: {forks: {array: 5, of: Lock}}\n"),
        in_steps("- {with: 'forks[4]', do: [pass]}", "primitives: {forks: {array: 5, of: Lock}}\n"),
    ),
    Page(
        codes.ROUTINE,
        "unknown-routine",
        "There is no such routine.",
        "Routines are declared under `routines`, callables of the user's own code under `python`.",
        in_steps("- {submit: squares, to: pool, args: [2]}", POOL),
        in_steps("- {submit: square, to: pool, args: [2]}", POOL),
    ),
    Page(
        codes.ARGUMENTS,
        "arguments",
        "The arguments do not fit the routine's parameters.",
        "As in Python, each parameter gets one argument, by name or in order; `map` takes routines of one parameter, "
        "a barrier's action and a pool's initializer take none.",
        in_steps("- {call: square, args: {m: 2}}", POOL),
        in_steps("- {call: square, args: {n: 2}}", POOL),
    ),
)
