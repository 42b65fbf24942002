"""The user's own code explored: its modules rewritten for as long as it takes, the search supervised, a failure confirmed."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from time import monotonic
from types import ModuleType

from scenario.engines.code.deciding import decide, failure, followed, watched
from scenario.engines.code.execution import Laboratory, Test
from scenario.engines.code.modules import could_be_named
from scenario.engines.code.prepared import prepared
from scenario.engines.code.search.bounds import Budget
from scenario.engines.code.search.races import Races
from scenario.engines.code.searching import Search, Strategy
from scenario.engines.code.supervised import Stalled
from scenario.record import record
from scenario.results.code import CodeResult, CodeVerdict, Covered


@record
class Request:
    """What to explore, in which modules (nothing else is rewritten), for how long; `schedule`: only this one; `races`: whether to look for them."""

    test: Test
    modules: tuple[ModuleType, ...]
    max_seconds: float
    max_executions: int | None = None
    strategy: Strategy = "auto"
    schedule: str = ""
    races: bool = False


def explore_own_code(request: Request) -> CodeResult:
    """One at a time. Raises NoSource for a module whose source is not there, SetupFailed where `setup` raises, BadSchedule."""
    if not _GOES_ON.acquire(blocking=False):
        raise RuntimeError("another search goes on in this process: they would rewrite the same code")
    try:
        return _explored(request)
    finally:
        _GOES_ON.release()


_GOES_ON = Lock()


def _explored(request: Request) -> CodeResult:
    began = monotonic()
    given = [request.test.setup, *(call for _, call in request.test.threads)]
    with prepared(request.modules, given, others=[request.test.check]) as ready:  # what `check` has, it may collect in
        laboratory = Laboratory(request.test, ready)
        budget = Budget(began + request.max_seconds, request.max_executions)
        search = Search(laboratory, budget, Races() if request.races else None)
        try:
            result = watched(search, lambda: _searched(request, search), ready.files)
            passed_over = tuple(sorted(filter(could_be_named, ready.calls.passed_over)))
            races = None if search.races is None else search.races.found()
            return replace(result, races=races, passed_over=passed_over)
        except Stalled as stalled:
            return CodeResult("undecided", Covered("some", search.executions), reason=stalled.words())


def _searched(request: Request, search: Search) -> CodeResult:
    if request.schedule:
        return _followed(request.schedule, search)
    decision = decide(search, request.strategy)
    if decision.shown:
        return CodeResult("fails", decision.covered, failure(decision.shown[0]))
    word: CodeVerdict = "holds" if decision.is_complete else "undecided"
    is_sampled = decision.covered.kind in ("priorities", "uniform")  # those go on until then
    is_late = word == "undecided" and not is_sampled and search.budget.is_late()
    return CodeResult(word, decision.covered, reason=decision.reason or ("the time was up" if is_late else ""))


def _followed(schedule: str, search: Search) -> CodeResult:
    """One schedule on real threads."""
    shown, covered = followed(search, schedule), Covered("some", 1)
    if shown.end.kind:
        return CodeResult("fails", covered, failure(shown))
    return CodeResult("undecided", covered, reason=shown.end.world.trouble or "nothing fails along this schedule")
