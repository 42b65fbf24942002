"""Every execution of a program on asyncio: the real loop, tasks and primitives, with all that is left open decided in each way.

An execution is made again and again, each time with other decisions (`deciding.py`), those first that leave the usual
ones least often. Between two rounds of the loop its state is compared (`fingerprint.py`): one that is known already is gone on
with from where it was met first. So what is explored is CPython's own asyncio of this version, not a model of it; without a
sleep, timer, timeout or `choose` there is one execution, and it is that of `run`.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from scenario.engines.tasks.deciding import Decision, Decisions, Spent, able, in_order
from scenario.engines.tasks.evidence import Made, Player, players, scheduled
from scenario.engines.tasks.fingerprint import fingerprint
from scenario.engines.tasks.graph import Edge, State, endless, round_through
from scenario.engines.tasks.loop import Loop
from scenario.engines.tasks.rounds import Going, going
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import look
from scenario.program.program import Program
from scenario.program.whole import every_node
from scenario.results import undecided
from scenario.results.exploration import Exploration, Finding, Row, row_of
from scenario.results.failures import Failure, Untrue
from scenario.results.notes import AnyReady
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Schedule
from scenario.results.undecided import Undecided
from scenario.settings import ExploreOptions
from scenario.syntax import Now

Judge: TypeAlias = Callable[[Outcome], Judged]
Key: TypeAlias = "tuple[object, ...]"


class Known(Exception):
    """The execution has come to a state that was met before."""


def explore(program: Program, options: ExploreOptions, judge: Judge) -> Exploration:
    """What all executions show, under the program's own settings; undecided where not all could be made."""
    began = time.monotonic()
    if reasons := _unexplored(program, options):
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=reasons)
    found: Exploration | None = None
    try:
        with players(program, began + options.max_seconds, options.max_memory) as player:
            search = _Search(program, options, judge, player)
            why = _ended(search)
            found = search.exploration(time.monotonic() - began, why)
    except KeyboardInterrupt:
        if found is None:
            raise
        return replace(found, interrupted=True)
    return found


def _ended(search: _Search) -> Undecided | None:
    """Why not all was covered."""
    try:
        return search.go()
    except Spent as spent:
        return spent.why
    except KeyboardInterrupt:
        return undecided.NotAll("interrupted")


def _unexplored(program: Program, options: ExploreOptions) -> tuple[Undecided, ...]:
    found: list[Undecided] = []
    if options.odds or options.sampling is not None:
        found.append(undecided.NotFollowed("odds of tasks"))
    if program.settings.clock != "virtual" and any(isinstance(node, Now) for node in every_node(program)):
        found.append(undecided.NeedsClock("now"))
    return tuple(found)


def finding(failure: Failure, schedule: Schedule, outcome: Outcome) -> Finding:
    """A failure with what a person needs to understand it."""
    return Finding(failure, schedule, outcome.blocked, shared=outcome.shared, over=outcome.over, errors=outcome.errors)


class _Seen:
    """Looks at the states of one execution that are new to it, and ends it where one is known."""

    def __init__(self, search: _Search, decisions: Decisions, given: tuple[int, ...]) -> None:
        self.run: Run | None = None
        self._search = search
        self._decisions = decisions
        self._given = given
        self._at: int | None = None
        self._rounds = 0

    def __call__(self, run: Run, loop: Loop) -> None:
        self.run = run
        self._rounds += 1
        way = self._decisions.picks
        if len(way) < len(self._given):
            return
        source = self._search.before(self._given) if self._at is None and self._given else self._at
        self._at, is_known = self._search.state(run, loop, way, self._rounds)
        self._search.connect(source, self._at, way)
        if is_known:
            raise Known


class _Search:
    """The states that are known, the decisions that are still to be tried, and what was seen."""

    def __init__(self, program: Program, options: ExploreOptions, judge: Judge, player: Player) -> None:
        self.states: list[State] = []
        self._program = program
        self._judge = judge
        self._player = player
        self._most = options.max_states
        self._compares = options.reduce
        claims = program.claims
        self._stops = claims.fails is None and claims.outcomes is None and not options.keep_going
        self._left: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        self._numbers: dict[bytes, int] = {}
        self._by_way: dict[tuple[int, ...], int] = {}
        self._rows: dict[str, Row] = {}
        self._findings: dict[Key, Finding] = {}
        self._permitted: dict[Key, Finding] = {}
        self._sometimes: set[int] = set()
        self._reached: set[int] = set()
        self._untrue: set[Untrue] = set()
        self._ends: set[str] = set()
        self._covered = False

    def go(self) -> Undecided | None:
        """Until all is covered, or something was found that is enough. Why it ended before that."""
        while self._left:
            if self._stops and self._findings:
                return None
            if self._most is not None and len(self.states) > self._most:
                return undecided.TooManyStates(self._most)
            _, _, given = heapq.heappop(self._left)
            why = self._execution(given)
            if why is not None:
                return why
        if not (self._stops and self._findings):
            self._endless()
            self._covered = True
        return None

    # --- one execution ------------------------------------------------------------------------------------

    def _execution(self, given: tuple[int, ...]) -> Undecided | None:
        decisions = Decisions(in_order(given))
        seen = _Seen(self, decisions, given)
        try:
            made = self._player.play(decisions, seen)
        except Known:
            made = None
        self._branch(given, decisions.taken)
        if seen.run is not None:
            self._on_the_way(seen.run, decisions.picks)
        if made is None:
            return None
        self._over(made, decisions.picks)
        return None

    def _branch(self, given: Sequence[int], taken: Sequence[Decision]) -> None:
        """The other ways on of each decision that was new."""
        picks = tuple(one.pick for one in taken)
        for number in range(len(given), len(taken)):
            before = picks[:number]
            left = sum(map(bool, before)) + 1
            for other in range(1, taken[number].of):
                heapq.heappush(self._left, (left, number, (*before, other)))

    def state(self, run: Run, loop: Loop, way: tuple[int, ...], rounds: int) -> tuple[int, bool]:
        """The number of the state, and whether it is known already."""
        by_time = self._program.settings.clock == "virtual"
        mark = fingerprint(run, loop, self._player.look, by_time=by_time) if self._compares else None
        known = self._numbers.get(mark) if mark is not None else None
        if known is not None:
            return known, True
        number = len(self.states)
        timers = [one for one in loop.kept if not one.cancelled()]
        stuck = frozenset(actor.ref for actor in look(run).stuck() if not actor.daemon)
        self.states.append(State(way, rounds, frozenset(able(run, [*loop.ready, *timers])), stuck, []))
        if mark is not None:
            self._numbers[mark] = number
        self._by_way[way] = number
        return number, False

    def before(self, way: tuple[int, ...]) -> int | None:
        """The last state before the last of these decisions."""
        ways = (way[:length] for length in range(len(way) - 1, -1, -1))
        return next((self._by_way[one] for one in ways if one in self._by_way), None)

    def connect(self, source: int | None, target: int, way: tuple[int, ...]) -> None:
        """The round that is over led from one to the other."""
        if source is not None:
            since = len(self.states[source].way)
            self.states[source].edges.append(Edge(target, self._player.moved, way[since:]))

    # --- what is seen -------------------------------------------------------------------------------------

    def _on_the_way(self, run: Run, picks: tuple[int, ...]) -> None:
        """What shows without the end: a claim that is reached, a check that fails."""
        self._reached |= run.findings.reached
        self._untrue |= {*run.findings.untrue.values()}
        for failure in run.findings.failures.values():
            self._found(self._findings, failure, picks)

    def _over(self, made: Made, picks: tuple[int, ...]) -> None:
        outcome = made.outcome
        judged = self._judge(outcome)
        self._ends.add(outcome.end)
        self._sometimes |= judged.sometimes
        self._reached |= outcome.reached
        self._untrue |= judged.untrue | outcome.untrue
        self._row(judged)
        for failure in judged.failures:
            self._found(self._findings, failure, picks, outcome)
        for failure in judged.permitted:
            self._found(self._permitted, failure, picks, outcome)

    def _found(
        self, where: dict[Key, Finding], failure: Failure, picks: tuple[int, ...], outcome: Outcome | None = None
    ) -> None:
        """The first of its kind and place, with its schedule."""
        key = (failure.kind, failure.span, failure.thread)
        if key in where:
            return
        made = self._player.recorded(picks, lambda run: failure in run.findings.failures.values())
        left = outcome or made.outcome
        schedule = scheduled(self._program, made.recorded, made.taken)
        where[key] = finding(failure, schedule, left)

    def _endless(self) -> None:
        """Executions that go on for ever, though each task that can move does so again and again."""
        for part in endless(self.states, weak=self._program.settings.fairness == "weak"):
            start = min(part, key=lambda number: self.states[number].round)
            edges = round_through(self.states, part, start)
            self._going(going(self._program, self._player, self.states[start], edges, self._judge))

    def _going(self, found: Going) -> None:
        judged, outcome, schedule = found.judged, found.outcome, found.schedule
        self._ends.add(outcome.end)
        self._reached |= outcome.reached
        self._row(judged)
        for where, failures in ((self._findings, judged.failures), (self._permitted, judged.permitted)):
            for failure in failures:
                at = schedule.placed(failure)
                where.setdefault((at.kind, at.span, at.thread), finding(at, schedule, outcome))

    def _row(self, judged: Judged) -> None:
        self._rows.setdefault(judged.key, row_of(judged))

    def exploration(self, seconds: float, why: Undecided | None) -> Exploration:
        """All that was found."""
        clock = self._program.claims.elapsed is not None and self._program.settings.clock != "virtual"
        reasons: list[Undecided] = [] if why is None else [why]
        reasons += [undecided.NeedsClock("elapsed")] * clock
        return Exploration(
            exhausted=self._covered,
            states=len(self.states),
            steps=sum(len(state.edges) for state in self.states),
            seconds=seconds,
            findings=tuple(self._findings.values()),
            permitted=tuple(self._permitted.values()),
            rows=tuple(self._rows.values()),
            sometimes=frozenset(self._sometimes),
            reached=frozenset(self._reached),
            untrue=frozenset(self._untrue),
            deadlock="deadlock" in self._ends,
            livelock="livelock" in self._ends,
            undecided=tuple(reasons),
            notes=(AnyReady(),) if self._findings and self._program.settings.ready == "any" else (),
        )
