"""What each operation is seen to do in the explorer's models: two threads that do with one object whatever there is to do.

A model is held to the real object by `tests/conformance`; here it says what an operation's class has to say of itself.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from threads.files import program

from scenario.compile.steps.on_objects import operation
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.language.primitives import KINDS, QUEUES
from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.results.waiting import Holder

SMALL = {
    **dict.fromkeys(("Semaphore", "BoundedSemaphore", *QUEUES), (1,)),
    "Barrier": (2, {"parties": 1, "action": "act"}),
    "Condition": (None,),
}
"""Arguments of constructors with which two threads get into each other's way: each is a file of its own."""
GIVEN = {"item": "[1]", "until": "True", "into": "got"}
ROUNDS = 3


@dataclass
class Seen:
    """What an operation has been seen to do, whatever the object."""

    waits: set[str] = field(default_factory=set)
    """For what, if it could not go on."""
    told: set[str] = field(default_factory=set)
    """Those of its waits that name who has the object."""
    ends: set[str] = field(default_factory=set)
    """The kinds of wait in which the other stood and then no longer did."""
    moves: set[str] = field(default_factory=set)
    """The same, with those after which the other can only raise."""
    takes: bool = False
    gives_back: bool = False
    shows: bool = False
    """It has changed what may be asked of the object."""
    strays: set[str] = field(default_factory=set)
    """Objects that it has changed and that its model does not say it touches."""
    values: set[type] = field(default_factory=set)
    """What went into its target."""


def steps_of(kind: str) -> list[dict[str, object]]:
    """One step a verb of the kind, with what must be given and where its value goes."""
    found: list[dict[str, object]] = []
    for verb, entry in VERBS.items():
        if kind in entry.on and entry.arguments is not None and operation(verb, kind) is not ops.WaitFor:
            wanted = [a.name for a in entry.arguments if a.is_required or a.name == "into"]
            found.append({verb: "o", **{name: GIVEN[name] for name in wanted}})
    if kind in QUEUES:
        found += [{"join": "o"}, *([{"shutdown": "o"}] if sys.version_info >= (3, 13) else [])]
    return found


def file(kind: str, given: object, threads: dict[str, object], more: dict[str, object]) -> str:
    parts = {
        "vars": {"got": 0, "x": 0},
        "primitives": {"o": kind if given is None else {kind: given}, **more},
        "routines": {"act": {"steps": ["x = 1"]}},
        "threads": threads,
    }
    return "".join(f"{key}: {json.dumps(part)}\n" for key, part in parts.items())


def whatever(kind: str) -> Iterator[str]:
    """Files in which two threads do with an object of the kind whatever there is to do, in any order."""
    choices = steps_of(kind)
    first, *others = [{"if": f"c == {n}", "then": [step]} for n, step in enumerate(choices)] or [{}]
    body = [{"choose": "c", "from": str(list(range(len(choices))))}, {**first, "elif": others}]
    threads = {"T": {"count": 2, "steps": [{"repeat": ROUNDS, "do": body}]}}
    for given in SMALL.get(kind, (None,)) if choices else ():
        yield file(kind, given, threads, {})


def one_after_the_other(kind: str) -> Iterator[str]:
    """Files in which a second thread does something with an object of the kind when a first has, and is still there."""
    steps = steps_of(kind)
    nothing_or = ([], *([step] for step in steps))
    takes = ([], *([step] for step in steps if operation(next(iter(step)), kind).holds == "takes"))
    for given in SMALL.get(kind, (None,)):
        for first, before, second in product(nothing_or, takes, steps):
            threads = {
                "A": {"steps": [*first, {"set": "done"}, {"join": "B"}]},
                "B": {"steps": [{"wait": "done"}, *before, second]},
            }
            yield file(kind, given, threads, {"done": "Event"})


def letting_go(kind: str) -> Iterator[tuple[type[ops.Act], str, str]]:
    """Files in which a thread lets go another one that stands blocked at an object of the kind: (by what, of which wait, the file)."""
    steps = {operation(next(iter(step)), kind): [step] for step in steps_of(kind)}
    takes, gives = ([step for op, step in steps.items() if op.holds == how] for how in ("takes", "gives back"))
    around = (([], []), *product(takes, gives))
    for given, first, waits, ends, (before, behind) in product(
        SMALL.get(kind, (None,)), ([], *steps.values()), steps, steps, around
    ):
        if waits.waits_for in ends.ends:
            threads = {
                "A": [*first, {"set": "done"}, {"await": "B.blocked == 1"}, *before, *steps[ends], *behind],
                "B": [{"wait": "done"}, *before, *steps[waits], *behind],
            }
            bodies = {name: {"steps": body} for name, body in threads.items()}
            yield ends, waits.waits_for, file(kind, given, bodies, {"done": "Event"})


@cache
def seen() -> dict[type[ops.Act], Seen]:
    """Of each operation on an object, over all kinds."""
    found: dict[type[ops.Act], Seen] = defaultdict(Seen)
    for kind in KINDS:
        for text in whatever(kind):
            _Look(text, found).at_all_states()
    return found


class _Look:
    """All states of one file, each thread in them, and each step between two."""

    def __init__(self, text, found):
        self.found = found
        self.stepper = Stepper(layout(program(text)), Budget(max_seconds=60))
        self.layout = self.stepper.layout
        self.holders = {number: (Holder("whoever"),) for number in range(len(self.layout.models))}

    def at_all_states(self):
        waiting = [state for _, state in self.stepper.initial()]
        known = set(waiting)
        while waiting:
            state = waiting.pop()
            for thread in self.layout.threads:
                if (wait := self.wait(state, thread)) is not None:
                    one = self.found[self.verb(state, thread)]
                    one.waits.add(wait.kind)
                    one.told |= {wait.kind} if wait.holders else set()
            for number, _, _, _, after in self.stepper.successors(state):
                thread, other = self.layout.threads[number], self.layout.threads[1 - number]
                if self.verb(state, thread) is not None:
                    self.step(self.found[self.verb(state, thread)], state, thread, after)
                    self.other(self.found[self.verb(state, thread)], state, other, after)
                if after not in known:
                    known.add(after)
                    waiting.append(after)

    def verb(self, state, thread):
        """Of the operation before which the thread stands, if it is one."""
        w = self.stepper.context(state, thread)
        return w.instruction.verb if w.frames and isinstance(w.instruction, Operate) else None

    def wait(self, state, thread):
        """What a thread that can not move waits for."""
        if self.verb(state, thread) is None or self.stepper.effects(state, thread).ways:
            return None
        return blocked(self.stepper, state, thread.number, self.holders).wait

    def step(self, one, state, thread, after):
        old, new = (self.stepper.shared[at[0]].objects for at in (state, after))
        taken = sum(model.taken(new[n]) - model.taken(old[n]) for n, model in enumerate(self.layout.models))
        one.takes |= taken > 0
        one.gives_back |= taken < 0
        one.shows |= any(model.asked(old) != model.asked(new) for model in self.layout.models)
        said = [model.touched() for model in self.layout.models]
        touched = {number for numbers in said for number in (range(len(old)) if numbers is None else numbers)}
        one.strays |= {str(self.layout.kinds[n]) for n in range(len(old)) if old[n] != new[n] and n not in touched}
        before, behind = self.stepper.context(state, thread), self.stepper.context(after, thread)
        if len(behind.frames) == len(before.frames) and behind.frame.pc != before.frame.pc:
            value = behind.frame.locals[before.instruction.defines[0]]
            one.values |= {type(value)} if isinstance(value, bool | int | list) else set()

    def other(self, one, state, other, after):
        """What has become of the other thread's wait."""
        before, behind = self.wait(state, other), self.wait(after, other)
        if before is None or (behind is not None and behind.kind == before.kind):
            return
        one.moves.add(before.kind)
        errors = len(self.stepper.shared[after[0]].errors)
        ways = self.stepper.effects(after, other).ways
        if not ways or any(len(self.stepper.shared[way.shared].errors) == errors for way in ways):
            one.ends.add(before.kind)
