"""Own code filmed from its beginning: of functions, and of a file that calls it."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from scenario.engines.code.deciding import watched
from scenario.engines.code.execution import Laboratory
from scenario.engines.code.exploring import Request
from scenario.engines.code.files import OURS, FileRequest, their_functions
from scenario.engines.code.film.filming import Shoot, failing, filmed, samples
from scenario.engines.code.film.stage import Functions
from scenario.engines.code.laboratory import End
from scenario.engines.code.modules import under_control
from scenario.engines.code.places import Place
from scenario.engines.code.prepared import prepared
from scenario.engines.code.search.bounds import Budget
from scenario.engines.code.searching import Search
from scenario.engines.code.stage.performing import Judge, Performances, Performed
from scenario.engines.code.stage.play import Play
from scenario.engines.code.supervised import Stalled
from scenario.real.travelling import plain_value
from scenario.real.values import view
from scenario.results.filmed import CodeFilm, Filmed
from scenario.results.outcome import Outcome
from scenario.results.schedule import Schedule
from scenario.source import Span


def film_own_code(request: Request) -> Filmed:
    """The schedule of the request, or some executions where it has none. Raises NoSource, SetupFailed, BadSchedule."""
    given = [request.test.setup, *(call for _, call in request.test.threads)]
    with prepared(request.modules, given, others=[request.test.check]) as ready:
        search = Search(Laboratory(request.test, ready), Budget(monotonic() + request.max_seconds))

        def outcome(end: End) -> Outcome:
            return Outcome("deadlock" if end.kind == "deadlock" else "finished", {})

        shoot = Shoot(search, Functions(), outcome, Schedule("", code=request.schedule))
        return _filmed(shoot, (request.schedule,) if request.schedule else (), ready.files)


def film_file(request: FileRequest, schedules: tuple[str, ...], judge: Judge) -> Filmed:
    """The schedules of a file, or some executions where there are none. Raises InvalidScenario, NoSource, BadSchedule."""
    program = request.program
    found = their_functions(program)
    stage = FileStage(tuple(var.name for var in program.vars))
    with prepared(under_control(request.allowed), found.values(), OURS) as ready:
        performances = Performances(program, found, ready, judge, lambda _: None, is_enough=False, on_play=stage.begin)
        search = Search(performances, Budget(monotonic() + request.options.max_seconds))
        return _filmed(Shoot(search, stage, _outcome, Schedule(program.digest)), schedules, ready.files)


def _filmed(shoot: Shoot, schedules: tuple[str, ...], files: frozenset[str]) -> Filmed:
    """As many as there are, where the code blocks outside of control."""
    films: list[CodeFilm] = []

    def work() -> None:
        for schedule in schedules:
            films.extend(failing(shoot, schedule))
        if not schedules:
            films.extend(samples(shoot))

    with suppress(Stalled):
        watched(shoot.search, work, files)
    return filmed(films, _text)


def _outcome(end: End) -> Outcome:
    found = end.outcome if isinstance(end, Performed) else None
    return Outcome("ended", {}) if found is None else found


def _text(file: str) -> str:
    return "".join(linecache.getlines(file))


class FileStage:
    """What a file adds (`film.stage.Stage`): `begin` is told of each execution."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._play: Play | None = None

    def begin(self, play: Play) -> None:
        self._play = play

    def variables(self) -> Mapping[str, object]:
        """As plain values."""
        return {} if self._play is None else {n: plain_value(view(each)) for n, each in self._play.shared.items()}

    def truths(self) -> tuple[bool, ...]:
        """Of each `always`, then each `reachable`."""
        if self._play is None:
            return ()
        claims = self._play.program.claims
        return tuple(self._play.says(claim.expr) is True for claim in (*claims.always, *claims.reachable))

    def said(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lines that were printed, and the marks."""
        return ((), ()) if self._play is None else (tuple(self._play.output), tuple(self._play.marks))

    def span(self, place: Place) -> Span | None:
        """None: the place is in the user's own code."""
        return None if self._play is None else self._play.bodies.spans.get(place)
