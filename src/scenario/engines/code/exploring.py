"""The user's own code explored: its modules rewritten for as long as it takes, the search supervised, a failure confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import getLogger
from threading import Lock
from time import monotonic
from types import ModuleType

from scenario.collector import no_collection
from scenario.engines.code.evidence import Evidence, failure
from scenario.engines.code.execution import End, Laboratory, Test
from scenario.engines.code.rewriting.installed import PLACES, installed, source_of
from scenario.engines.code.runtime.calls import Calls
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.kinds import Kinds
from scenario.engines.code.searching import Budget, Found, Search, Strategy, preemptions
from scenario.engines.code.snapshot import Snapshot
from scenario.engines.code.supervised import Stalled, Supervised
from scenario.record import record
from scenario.results.code import CodeResult, Covered


@record
class Request:
    """What to explore, in which modules (nothing else is rewritten), for how long; `schedule`: only this one."""

    test: Test
    modules: tuple[ModuleType, ...]
    max_seconds: float
    max_executions: int | None = None
    strategy: Strategy = "auto"
    schedule: str = ""


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
    stop: list[bool] = []
    with _laboratory(request) as laboratory:
        search = Search(laboratory, Budget(began + request.max_seconds, request.max_executions, lambda: bool(stop)))

        def give_up() -> None:
            stop.append(True)
            if search.world is not None:
                search.world.end("given up")

        supervised = Supervised(
            lambda: _searched(request, search),
            lambda: _ticks(search),
            lambda: _mover(search),
            give_up,
            laboratory.files,
        )
        try:
            result = supervised.result(began + request.max_seconds)
        except Stalled as stalled:
            reason = f"{stalled}: this blocks or goes on outside of control"
            result = CodeResult("undecided", Covered("some", search.executions), reason=reason)
    return result


def _ticks(search: Search) -> int:
    world = search.world
    return search.executions * 1_000_003 + (0 if world is None else world.ticks + len(world.steps))


def _mover(search: Search) -> int:
    world = search.world
    actor = None if world is None else world.current
    return 0 if actor is None else actor.ident


@contextmanager
def _quiet() -> Iterator[None]:
    """What a callback of a future raises is dropped in each execution, and not logged in each."""
    logger = getLogger("concurrent.futures")
    was, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = was


@contextmanager
def _laboratory(request: Request) -> Iterator[Laboratory]:
    """The modules rewritten, and their state kept; both undone at the end."""
    kinds = Kinds(frozenset(module.__name__ for module in request.modules))
    gates = Gates(kinds, PLACES)
    calls = Calls(gates, kinds)
    # a collection in the middle of a step would run finalizers there, and not in each execution at the same place
    with installed(request.modules, {**gates.named(), "call": calls}) as codes, no_collection(), _quiet():
        gates.ready()
        calls.ready(codes)
        files = frozenset(source_of(module)[0] for module in request.modules)
        test = request.test
        given = [test.setup, *(call for _, call in test.threads)]  # what `check` alone has, it may collect in
        snapshot = Snapshot(request.modules, given)
        try:
            yield Laboratory(test, gates, calls, snapshot, files)
        finally:
            gates.leave()
            snapshot.restore()


def _searched(request: Request, search: Search) -> CodeResult:
    if request.schedule:
        return _followed(request, search)
    strategies: dict[Strategy, Callable[[], Found]] = {
        "auto": search.auto, "every": search.every, "reduced": search.reduced, "preemptions": search.preemptions,
    }  # fmt: skip
    found = strategies[request.strategy]()
    if found.failure is not None:
        return _confirmed(search, search.fewest_preemptions(found))
    decided = not found.reason and found.covered.kind in ("interleavings", "classes")
    return CodeResult("holds" if decided else "undecided", found.covered, reason=found.reason)


def _confirmed(search: Search, found: Found) -> CodeResult:
    """A failure that real threads show as well; where they do not, nothing is said."""
    assert found.failure is not None
    end, evidence = _seen(search, found.schedule)
    covered = found.covered
    if end.same != found.failure.same:
        reason = (
            f"real threads did not repeat the failure that was found ({found.failure.message or found.failure.kind})"
        )
        return CodeResult("undecided", covered, reason=reason)
    return CodeResult("fails", covered, failure(end, evidence, found.schedule, preemptions(found.failure.world)))


def _followed(request: Request, search: Search) -> CodeResult:
    """One schedule on real threads."""
    end, evidence = _seen(search, request.schedule)
    covered = Covered("some", 1)
    if end.kind is not None:
        return CodeResult("fails", covered, failure(end, evidence, request.schedule, preemptions(end.world)))
    return CodeResult("undecided", covered, reason=end.world.trouble)


def _seen(search: Search, schedule: str) -> tuple[End, Evidence]:
    evidence = Evidence()
    return search.follow(schedule, evidence.look), evidence
