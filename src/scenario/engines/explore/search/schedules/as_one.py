"""Symmetry beside a `main` that starts all threads and joins some by groups: each group is started and joined as one.

`main` goes by number, so who is who can be told. In its stead is searched one (`Layout.as_one`) whose every start is of
whoever of the group has not begun, and whose joins wait until all of the group have ended. Of that one the members of a group
can be permuted in any state, since neither names any; what else `main` does may not name one either. What it does the file's own
`main` does too, step by step; and nothing is missed: from any execution of the file leave out the joins of those who have ended
before their group had, which nothing can tell, and it is one of these. Where it ends well they are only taken later, so it is as
long; one that shows something on its way needs none of them; and where threads stay, one of them can be the first of its group,
behind whom `main` stays too.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ENDED
from scenario.engines.explore.search.invisible import beside_groups
from scenario.engines.explore.search.reduce import alike_in
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.transitions import Choice, State, along
from scenario.program.ops import Join


def as_one(layout: Layout) -> Layout:
    """The same with the groups that nothing tells apart but `main`, if it is such a one."""
    program = layout.program
    own = beside_groups(program) if program.runtime == "threading" else None
    return layout if own is None else replace(layout, as_one=alike_in(replace(program, main=own)))


def where_main_stays(search: Search, start: State, choices: list[Choice], *, is_last: bool) -> list[Choice]:
    """The way to where an execution ends, or threads stay: among these is the first of the group that `main` waits for.

    For that threads change places. `is_last`: nobody goes on there, so `main` joins when all others have come to where they
    stay. Sooner it might be left, in the file, while the next that it joins has ended.
    """
    main, groups = search.stepper.layout.main, search.stepper.layout.program.groups
    begun = sum(len(group.names) for group in groups)
    own = [i for i, (thread, _) in enumerate(choices) if thread == main]
    starts, joins = own[:begun], _joins_at_the_end(search, start, choices, own) if is_last else []
    between = [i for i in range(len(choices)) if i not in {*starts, *joins}]
    choices = [choices[i] for i in (*starts, *between, *joins)]
    states = along(search.stepper, start, choices)
    swapped = _swapped(search, states[-1])
    if swapped is None:
        return choices
    after = [_renamed(search, state, swapped) for state in states[begun:]]
    way = _started(search, start, begun, after[0])
    for (thread, _), here, there in zip(choices[begun:], after, after[1:], strict=False):
        way.append(_step(search, here, swapped[thread], there))
    return way


def _joins_at_the_end(search: Search, start: State, choices: list[Choice], own: list[int]) -> list[int]:
    """Which of its `own` steps `main` takes last, as far as they are joins."""
    states = along(search.stepper, start, choices)
    return list(takewhile(lambda i: _is_at_a_join(search, states[i]), reversed(own)))[::-1]


def _is_at_a_join(search: Search, state: State) -> bool:
    layout = search.stepper.layout
    assert layout.main is not None
    code, pc, _, _ = search.stepper.part(state, layout.main).frames[-1]
    instruction = layout.codes[code].instructions[pc]
    return isinstance(instruction, Operate) and instruction.verb is Join


def _swapped(search: Search, end: State) -> tuple[int, ...] | None:
    """Who is who where the first of the group that `main` waits for changes places with one who stays; None if it stays itself."""
    layout, status = search.stepper.layout, search.stepper.shared[end[0]].status
    order = list(range(len(layout.threads)))
    for _, members in search.reduction.groups:
        stay = [n for n in members if status[n] not in ENDED]
        if stay and stay[0] != members[0]:
            order[members[0]], order[stay[0]] = stay[0], members[0]
    return tuple(order) if order != list(range(len(order))) else None


def _renamed(search: Search, state: State, order: tuple[int, ...]) -> State:
    return (search.reduction.renamed(state[0], order), *[state[1 + n] for n in order])


def _started(search: Search, start: State, left: int, goal: State) -> list[Choice]:
    """The steps in which `main` starts all threads so that they stand as they do there."""
    main = search.stepper.layout.main
    assert main is not None

    def leads_there(here: State, there: State) -> bool:
        places = enumerate(zip(here[1:], there[1:], goal[1:], strict=True))
        return all(new in (old, wanted) for n, (old, new, wanted) in places if n != main)

    ways: dict[State, list[Choice]] = {start: []}
    for _ in range(left):
        ways = {
            step.state: [*way, (step.thread, step.alternative)]
            for state, way in ways.items()
            for step in search.stepper.successors(state)
            if step.thread == main and leads_there(state, step.state)
        }
    return ways[goal]


def _step(search: Search, here: State, thread: int, there: State) -> Choice:
    """The alternative of the thread's step that leads there."""
    steps = (step for step in search.stepper.successors(here) if step.thread == thread and step.state == there)
    found = next(steps)
    return found.thread, found.alternative
