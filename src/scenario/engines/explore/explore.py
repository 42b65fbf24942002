"""From a program to what a search over its interleavings found."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from scenario.collector import no_collection
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.reductions.counters import as_repeats
from scenario.engines.explore.reductions.ending import may_add_up
from scenario.engines.explore.search.invisible import without_main
from scenario.engines.explore.search.reduce import Symmetry, Unreduced, alike_in
from scenario.engines.explore.search.search import Interrupted, JudgeOf, Progress, Search, go, in_time
from scenario.engines.explore.search.smaller import Smaller
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.strategies.glimpse import Glimpse
from scenario.engines.explore.search.summary import at_least, summed, with_endless
from scenario.engines.explore.search.told.unexplored import unexplored
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.program.program import Program
from scenario.program.whole import has_thread_pools
from scenario.record import record
from scenario.results.exploration import Exploration, Finding
from scenario.results.undecided import NotAll
from scenario.settings import USUAL, ExploreOptions, Sampling

WALKS, SWITCHES = 100, 3
"""Executions that are looked at where a search takes long, at most; the depth of the failures that PCT looks for in them."""

SHORT = 10.0
"""Seconds in which a failure is looked for in the first rounds of a few threads."""


def explore(
    program: Program,
    options: ExploreOptions = USUAL,
    *,
    judge: JudgeOf,
    progress: Progress | None = None,
) -> Exploration:
    """Searches all interleavings under the program's own settings; never says exhausted of a file that has what is not explored."""
    reasons = unexplored(program)
    if reasons:
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=reasons)

    if options.sampling is not None:
        from scenario.engines.explore.sample.sampled import sampled

        with no_collection():
            return sampled(program, options, options.sampling, judge=partial(judge, program), progress=progress)

    from scenario.engines.explore.search.told.certain import with_certain

    began = time.monotonic()
    found: Exploration | None = None
    try:
        found, searched = _whole_or_smaller(program, options, began + options.max_seconds, judge, progress)
        del searched  # letting go of its states takes long
        if found.exhausted:
            found = with_certain(program, found)
    except TimeIsUp as late:  # before there was anything to search
        return Exploration(exhausted=False, states=0, steps=0, seconds=time.monotonic() - began, undecided=(late.why,))
    except KeyboardInterrupt:  # before that, or after the search
        return replace(found, interrupted=True) if found else replace(_NOTHING, seconds=time.monotonic() - began)
    return found


def _whole_or_smaller(
    program: Program, options: ExploreOptions, ends: float, judge: JudgeOf, progress: Progress | None
) -> tuple[Exploration, object]:
    """What is found, and what it was found in. Raises TimeIsUp where what is searched can not be built in time."""
    known: Callable[[], Finding | None] = _nobody
    if options.reduce and not options.odds:
        for attempt in _attempts(program, options, judge):
            budget = _budget(options, ends, attempt.seconds)
            found, searched = _searched(attempt.program, options, budget, attempt.judge, progress)
            if (answer := attempt.answer(found)) is not None:
                return answer, searched
            if found.findings and attempt.first is not None and _stops_at_first(program, options):
                known = partial(_beside_the_rest, program, attempt.first, judge, found.findings[0])
            if found.interrupted:
                nothing = replace(_NOTHING, states=found.states, steps=found.steps, seconds=found.seconds)
                return _at_least(nothing, known), searched
            del searched
    found, searched = _all_of_it(program, options, _budget(options, ends), judge, progress)
    return _at_least(found, known), searched


def _all_of_it(
    program: Program, options: ExploreOptions, budget: Budget, judge: JudgeOf, progress: Progress | None
) -> tuple[Exploration, object]:
    """The search of the whole; where that can not even be built in time, why."""
    try:
        return _searched(program, options, budget, judge, progress)
    except TimeIsUp as late:
        nothing = replace(_NOTHING, undecided=(late.why,), interrupted=False)
    except KeyboardInterrupt:
        nothing = _NOTHING
    return replace(nothing, seconds=time.monotonic() - budget.began), None


def _nobody() -> None:
    """Nothing is known from elsewhere."""


def _at_least(found: Exploration, known: Callable[[], Finding | None]) -> Exploration:
    """What the search of the whole has found, or the failure that is known from a smaller program if it has not come to one."""
    return found if found.exhausted or found.findings else at_least(found, known())


def _beside_the_rest(program: Program, first: frozenset[str], judge: JudgeOf, finding: Finding) -> Finding | None:
    from scenario.engines.explore.search.schedules.whole import beside_the_rest

    return beside_the_rest(program, first, judge, finding)


def _stops_at_first(program: Program, options: ExploreOptions) -> bool:
    """Whether one failure is enough."""
    claims = program.claims
    return claims.fails is None and claims.outcomes is None and not options.keep_going and not options.odds


def _budget(options: ExploreOptions, ends: float, seconds: float = math.inf) -> Budget:
    """What is left until it `ends`, and at most so many seconds of it."""
    return Budget(options.max_states or math.inf, max(min(ends - time.monotonic(), seconds), 0.0), options.max_memory)


def _laid_out(program: Program, budget: Budget) -> Layout:
    with budget.searching():
        return layout(program, budget.look)


_NOTHING = Exploration(
    exhausted=False, states=0, steps=0, seconds=0.0, undecided=(NotAll("interrupted"),), interrupted=True
)
"""What is known of the whole when that was interrupted before its search, or the search of a smaller program was."""


@record
class _Attempt:
    """A smaller program that may be searched in the whole one's stead; `answer`: what is found of the whole by that, if it is.

    `first`: the groups that it has not, which may go first in every execution; None where it leaves out something else.
    """

    program: Program
    judge: JudgeOf
    answer: Callable[[Exploration], Exploration | None]
    seconds: float = math.inf
    first: frozenset[str] | None = None


def _attempts(program: Program, options: ExploreOptions, judge: JudgeOf) -> Iterator[_Attempt]:
    """The smaller programs, from the one that is decided most quickly."""
    default = without_main(program) if program.runtime == "threading" else None
    if program.main is not None and has_thread_pools(program):
        yield from _without_calls(program, judge)
    if may_add_up(as_repeats(default or program)):
        yield from _added_up(program, default or program, options, judge)
    if default is not None and alike_in(default):
        yield _Attempt(default, judge, _if_nothing_is_found, first=frozenset())


def _without_calls(program: Program, judge: JudgeOf) -> Iterator[_Attempt]:
    """Without a pool whose calls only add up."""
    from scenario.engines.explore.reductions.calls import as_threads
    from scenario.engines.explore.reductions.reduced import reduced

    calls = as_threads(program)
    counted = None if calls is None else reduced(calls.program)
    if calls is None or counted is None or not calls.routines.keys() <= counted.groups:
        return
    left = calls.without(counted.program)
    yield _Attempt(
        without_main(left) or left, judge, lambda found: _if_nothing_is_found(calls.told(counted.told(found)))
    )


def _added_up(program: Program, default: Program, options: ExploreOptions, judge: JudgeOf) -> Iterator[_Attempt]:
    from scenario.engines.explore.reductions.reduced import reduced
    from scenario.engines.explore.reductions.shortened import shortened

    counted = reduced(default)
    if counted is not None:
        yield _Attempt(
            counted.program, judge, lambda found: _if_nothing_is_found(counted.told(found)), first=counted.groups
        )
    if program.runtime != "threading":
        return  # what is short goes by the steps of threads
    for short in () if options.keep_going else shortened(program):
        from scenario.engines.explore.search.schedules.whole import found_in_the_whole, judging

        answer = partial(found_in_the_whole, program, short)
        yield _Attempt(short.program, judging(program, short, judge), answer, min(options.max_seconds / 2, SHORT))


def _if_nothing_is_found(found: Exploration) -> Exploration | None:
    """What is found is searched for again beside `main`, for its schedule."""
    return None if found.findings or found.permitted else found


def _with_groups_as_one(shown: Stepper) -> Stepper:
    """What is searched in place of a `main` that starts and joins whole groups."""
    from scenario.engines.explore.search.schedules.as_one import as_one

    layout = as_one(shown.layout)
    return Memo(layout, shown.budget) if layout.as_one else shown


def _searched(
    program: Program,
    options: ExploreOptions,
    budget: Budget,
    judge: JudgeOf,
    progress: Progress | None,
) -> tuple[Exploration, object]:
    """What is found, and what it was found in: whoever has that says when its memory is given back."""
    shown = (Memo if options.reduce else Stepper)(_laid_out(program, budget), budget)
    stop_at_first = _stops_at_first(program, options)
    judged = in_time(partial(judge, program), budget)
    is_asked = options.reduce and not options.odds
    stepper = _with_groups_as_one(shown) if is_asked and program.main is not None else shown
    reduction = Symmetry(stepper) if is_asked else Unreduced()
    glimpse = Glimpse(budget, partial(_some_of_it, program, judge)) if is_asked and stop_at_first else None
    smaller = Smaller(
        shown.layout, budget, judged, stop_at_first=stop_at_first, progress=progress, glimpse=glimpse,
        proved=partial(_proved, program, judge),
    )  # fmt: skip
    search = Search(
        stepper, judged, reduction=reduction, max_states=budget.max_states, stop_at_first=stop_at_first,
        progress=progress, keeps_steps=options.odds, overtakes=smaller.overtakes if is_asked else None, shown=shown,
        meanwhile=None if glimpse is None else glimpse.look,
    )  # fmt: skip
    # states hold no reference cycles: looking for some among millions of tuples would take a third of the time
    found: Exploration | None = None
    try:
        with no_collection():
            ended, seen = with_endless(search, go(search, breadth_first))
            if smaller.decided is None:
                budget.finish()
            found = smaller.decided or smaller.completed(summed(search, ended, seen, odds=options.odds))
    except KeyboardInterrupt:  # the second one is heeded at once
        budget.close()
        if found is None:
            ended, seen = with_endless(search, Interrupted())
            found = smaller.decided or smaller.completed(summed(search, ended, seen, odds=False))
        found = replace(found, interrupted=True)
    return found, (search, seen)


def _proved(program: Program, judge: JudgeOf, budget: Budget) -> Exploration | None:
    from scenario.engines.explore.forall.of_any_rounds import proved_of_any_rounds

    return proved_of_any_rounds(program, judge, budget)


def _some_of_it(program: Program, judge: JudgeOf, seconds: float) -> Exploration:
    """What executions by chance, with few switches, show in that time."""
    from scenario.engines.explore.sample.sampled import sampled

    options, walks = ExploreOptions(max_seconds=seconds), Sampling(WALKS, seed=0, depth=SWITCHES)
    return sampled(program, options, walks, judge=partial(judge, program))
