"""A `main` that only starts all threads and then joins some: nothing can tell it from the default one.

Its steps read and write nothing but which threads have begun, and nothing asks for that. Leaving them out of an execution
gives one of the file without `main`, and putting them before and behind one of that gives one of this: the same values, the
same failures, the same ends. So where nothing is found without `main`, where symmetry counts (main goes by number), there
is nothing to be found with it. What is found is searched for again beside `main`, since its schedule has main's steps (`as_one.py`).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile

from scenario.program.ops import Block, Join, Op, Start
from scenario.program.program import Program
from scenario.program.whole import every_node, has_thread_pools, tells_lives
from scenario.syntax import Ref, Register


def without_main(program: Program) -> Program | None:
    """The file with the default `main`; None where that may be another."""
    return replace(program, main=None) if beside_groups(program) == () else None


def beside_groups(program: Program) -> Block | None:
    """What `main` does but start all threads, first of all, and join some; None where it takes one by itself, or that can be told."""
    main = program.main or ()
    begins = [op for op in main if isinstance(op, Start)]
    rest = list(dropwhile(lambda op: isinstance(op, Start), main))
    own = tuple(op for op in rest if not _joins_a_group(op))
    beside = replace(program, main=own)
    if not _starts_each_once(program, begins) or _ends_count(program) or tells_lives(beside) or _is_named(beside):
        return None
    return own


def _starts_each_once(program: Program, begins: list[Start]) -> bool:
    refs = [op.ref.name for op in begins if op.ref.index is None]
    each = sorted(group.key for group in program.groups)
    return len(refs) == len(begins) and (refs == ["all"] or sorted(refs) == each)


def _joins_a_group(op: Op) -> bool:
    return isinstance(op, Join) and op.timeout is None and op.ref.index is None and op.ref.name != "main"


def _ends_count(program: Program) -> bool:
    """Whether the end of a thread, or of `main`, does something; or time goes by."""
    is_virtual = program.settings.clock == "virtual"
    return is_virtual or has_thread_pools(program) or any(group.daemon for group in program.groups)


def _is_named(program: Program) -> bool:
    """Whether anything speaks of `main`: another thread that joins it, or a claim."""
    spoken_of = {claim.thread.name for claim in program.claims.errors} | {one.target for one in program.interrupts}
    for node in every_node(program):
        spoken_of |= (
            {node.name} if isinstance(node, Ref) else {node.thread.name} if isinstance(node, Register) else set()
        )
    return "main" in spoken_of
