"""A file with own code explored: its threads and the modules that it calls, executed again and again under every schedule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from time import monotonic
from typing import TypeAlias

from scenario.engines.code.carriers import has_greenlets
from scenario.engines.code.deciding import Decision, Shown, decide, failure, followed, watched
from scenario.engines.code.modules import under_control
from scenario.engines.code.prepared import prepared
from scenario.engines.code.search.bounds import Budget
from scenario.engines.code.search.races import Races
from scenario.engines.code.searching import Search
from scenario.engines.code.stage.bodies import asked_in_states
from scenario.engines.code.stage.performing import Judge, Performances, Performed, cause
from scenario.engines.code.supervised import Stalled
from scenario.program.program import ProcessPool, Program
from scenario.program.whole import every_node
from scenario.real.callables import callables
from scenario.record import record
from scenario.results.code import Covered
from scenario.results.exploration import Exploration, Finding, Pace, Row, row_of
from scenario.results.failures import Untrue
from scenario.results.schedule import Schedule
from scenario.results.undecided import Beside, BesideOwnCode, NotAll, OutOfTime, OwnCode, Undecided
from scenario.settings import ExploreOptions
from scenario.syntax import Node, Now, Query

Progress: TypeAlias = Callable[[Pace], None]
OURS = frozenset({"scenario.engines.code.stage.operations"})


@record
class FileRequest:
    """Which program, under which options, with the code of which modules; `schedule`: only this one."""

    program: Program
    options: ExploreOptions
    allowed: frozenset[str]
    schedule: str | None = None


def explore_file(request: FileRequest, judge: Judge, progress: Progress) -> Exploration:
    """Ctrl-C ends it with what was covered. Raises InvalidScenario where the code is not there, NoSource, BadSchedule."""
    began, program = monotonic(), request.program
    if refused := beside_own_code(request):
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=refused)
    found = their_functions(program)
    tally = Tally()
    with prepared(under_control(request.allowed), found.values(), OURS) as ready:
        races = Races() if request.options.races else None
        performances = Performances(program, found, ready, judge, tally.add, is_enough=not _asks_for_all(request))
        search = Search(performances, Budget(began + request.options.max_seconds), races)
        tally.watch(search, progress, began)
        decision, interrupted = _decided(search, request, ready.files)
    return _exploration(request, search, tally, decision, seconds=monotonic() - began, interrupted=interrupted)


def their_functions(program: Program) -> dict[str, Callable[..., object]]:
    """What the file calls, after all that is imported for us. Raises InvalidScenario."""
    has_greenlets()
    return callables(program)


def _decided(search: Search, request: FileRequest, files: Collection[str]) -> tuple[Decision, bool]:
    """And whether it was interrupted."""
    try:
        return watched(search, lambda: _work(search, request), files), False
    except Stalled as stalled:
        return Decision(Covered("some", search.executions), reason=stalled.words()), False
    except KeyboardInterrupt:
        return Decision(Covered("some", search.executions)), True


def _work(search: Search, request: FileRequest) -> Decision:
    if request.schedule is None:
        return decide(search, "auto" if request.options.reduce else "every", request.options.sampling)
    shown = followed(search, request.schedule)
    return Decision(Covered("some", 1), (shown,) if shown.end.kind else (), shown.end.world.trouble)


# --- what is not followed -----------------------------------------------------------------------------------


def beside_own_code(request: FileRequest) -> tuple[Undecided, ...]:
    """What of a file is not explored together with own code, and the first line that asks for it; what the command line asks for has none."""
    of_file = (
        BesideOwnCode(what, min(each.span.line for each in asking))
        for what, nodes in _asking(request.program)
        if (asking := list(nodes))
    )
    return (*of_file, *_settings(request))


def _asking(program: Program) -> Iterator[tuple[Beside, Iterable[Node]]]:
    """By what is asked for: where."""
    claims, nodes, primitives = program.claims, every_node(program), program.primitives
    yield "a process pool", (one for one in primitives if any(isinstance(k, ProcessPool) for k in one.elements))
    yield "the virtual clock", (node for node in nodes if isinstance(node, Now))
    yield "`elapsed`", () if claims.elapsed is None else (claims.elapsed,)
    yield "an object or thread in `always` or `reachable`", asked_in_states(program)
    yield "`blocked`", (node for node in nodes if isinstance(node, Query) and node.attribute == "blocked")
    yield "an interrupt", program.interrupts


def _settings(request: FileRequest) -> Iterator[Undecided]:
    settings, options = request.program.settings, request.options
    asked: list[tuple[bool, Beside]] = [
        (settings.clock == "virtual", "the virtual clock"),
        (settings.wake == "fifo", "`wake: fifo`"),
        (settings.spurious, "`spurious`"),
        (settings.fairness == "weak", "`fairness: weak`"),
        (request.program.claims.livelock == "possible", "an expected livelock"),
        (options.odds, "`--odds`"),
        (bool(options.for_all), "`--for-all`"),
    ]
    return (BesideOwnCode(what) for is_so, what in asked if is_so)


# --- what was found -----------------------------------------------------------------------------------------


class Tally:
    """What all executions have shown together."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.sometimes: set[int] = set()
        self.reached: set[int] = set()
        self.untrue: set[Untrue] = set()
        self.deadlock = False
        self._tell: Callable[[], None] = _nobody

    def watch(self, search: Search, progress: Progress, began: float) -> None:
        """How far the search is, is told from now on."""
        self._tell = lambda: progress(_pace(search, began))

    def add(self, performed: Performed) -> None:
        """One execution that came to its end."""
        if performed.outcome is None or performed.judged is None:
            return
        judged = performed.judged
        self.sometimes |= judged.sometimes
        self.reached |= performed.outcome.reached
        self.untrue |= judged.untrue | performed.outcome.untrue
        self.deadlock = self.deadlock or performed.outcome.end == "deadlock"
        self.rows.setdefault(judged.key, row_of(judged))
        self._tell()


def _nobody() -> None:
    """Is told."""


def _pace(search: Search, began: float) -> Pace:
    now = monotonic()
    left = search.budget.until - now
    return Pace(now - began, 0, search.steps, 0, 0, left, 0, executions=search.executions)


def _exploration(
    request: FileRequest, search: Search, tally: Tally, decision: Decision, *, seconds: float, interrupted: bool
) -> Exploration:
    program = request.program
    findings = [(shown, _finding(program, shown)) for shown in decision.shown]
    bad = tuple(one for shown, one in findings if _is_bad(shown))
    return Exploration(
        exhausted=decision.is_complete,
        states=search.steps + search.executions,
        steps=search.steps,
        seconds=seconds,
        findings=bad,
        permitted=tuple(one for shown, one in findings if not _is_bad(shown)),
        rows=tuple(tally.rows.values()),
        sometimes=frozenset(tally.sometimes),
        reached=frozenset(tally.reached),
        untrue=frozenset(tally.untrue),
        deadlock=tally.deadlock,
        undecided=()
        if bad and not (interrupted or _asks_for_all(request))
        else tuple(_undecided(decision, is_one=request.schedule is not None, interrupted=interrupted)),
        interrupted=interrupted,
        code=decision.covered,
        races=None if search.races is None else search.races.found(),
    )


def _asks_for_all(request: FileRequest) -> bool:
    """Whether the first failure does not end the search."""
    claims = request.program.claims
    return request.options.keep_going or claims.fails is not None or claims.outcomes is not None


def _is_bad(shown: Shown) -> bool:
    """Whether it is what `expect` forbids."""
    judged = shown.end.judged if isinstance(shown.end, Performed) else None
    return judged is not None and shown.cause in map(cause, judged.failures)


def _undecided(decision: Decision, *, is_one: bool, interrupted: bool) -> list[Undecided]:
    if interrupted:
        return [NotAll("interrupted")]
    if decision.reason:
        return [OwnCode(decision.reason)]
    if decision.covered.kind in ("priorities", "uniform"):
        return [NotAll("sampled")]
    return [] if decision.is_complete or is_one else [OutOfTime()]


def _finding(program: Program, shown: Shown) -> Finding:
    end = shown.end
    assert isinstance(end, Performed)
    assert end.outcome is not None
    outcome = end.outcome
    failed = next(one for one in end.failures if cause(one) == shown.cause)
    return Finding(
        failed,
        Schedule(program.digest, code=shown.schedule),
        outcome.blocked,
        shared=outcome.shared if outcome.end == "finished" else {},
        over=outcome.over,
        errors=outcome.errors,
        code=failure(shown),
    )
