"""Programs from text, their schedules, and both ways to take them."""

import random

from scenario.compile import compile_scenario
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.threads.controlled import replay
from scenario.results.schedule import Move, Schedule
from scenario.results.token import decode
from scenario.source import Source
from scenario.spec.load import load


def program_of(text):
    """The program of a text with one case."""
    source = Source("x.yaml", text)
    (program,) = compile_scenario(load(source), source, {}, exploring=True)
    return program


def script_of(program, moves):
    """The script of moves like `A*3,B:1`."""
    return next(retrace(program, decode(f"1:{program.digest}:{moves}")))


def played(text, moves):
    """What real threads do."""
    program = program_of(text)
    return replay(program, script_of(program, moves))


def random_walk(program, seed, longest=200):
    """A random execution: its schedule, whether it is over, and the explorer's outcome of it."""
    stepper = Memo(layout(program), Budget())
    chance = random.Random(seed)
    state, moves = stepper.initial()[0][1], []
    while len(moves) < longest and (successors := stepper.successors(state)):
        thread = chance.choice(sorted({s.thread for s in successors}))
        taken = chance.choice([s for s in successors if s.thread == thread])
        moves.append(Move(stepper.layout.threads[thread].ref, taken.alternative))
        state = taken.state
    return Schedule(program.digest, tuple(moves)), stepper.is_over(state), outcome(stepper, state)
