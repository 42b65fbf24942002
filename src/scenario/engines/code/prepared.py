"""The user's modules made ready: rewritten for as long as it takes, and their state kept; both undone at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from logging import getLogger
from types import ModuleType

from scenario.collector import no_collection
from scenario.engines.code.operation import KEPT
from scenario.engines.code.privates import deep_calls
from scenario.engines.code.rewriting.installed import LOCATIONS, PLACES, installed
from scenario.engines.code.runtime.calls import Calls
from scenario.engines.code.runtime.gates import Gates
from scenario.engines.code.runtime.iterations import Iterations
from scenario.engines.code.runtime.kinds import Kinds
from scenario.engines.code.runtime.library import in_globals, may_be_kept
from scenario.engines.code.runtime.operators import Operators
from scenario.engines.code.runtime.patterns import Patterns
from scenario.engines.code.runtime.polling import Rests
from scenario.engines.code.snapshot import Snapshot
from scenario.engines.code.world import World
from scenario.record import record


@record
class Prepared:
    """The gates, the state to begin with, the files whose frames a trace shows, which threads go round loops that do nothing."""

    gates: Gates
    calls: Calls
    snapshot: Snapshot
    files: frozenset[str]
    rests: Rests

    def entered(self, world: World) -> Entered:
        """Gates belong to the execution; at the end all that has not ended is unwound."""
        return Entered(self, world)

    def begin(self, world: World) -> None:
        """Another execution: from the modules as they were."""
        self.snapshot.restore()
        self.calls.begin(world)

    def left_changed(self, world: World) -> str:
        """What an execution has changed that can not be put back, or where it was not seen."""
        return self.snapshot.left_changed(world.accesses.is_changed) or self.calls.caches.filled_unseen()


class Entered:
    """While an execution goes on."""

    __slots__ = ("_prepared", "_world")

    def __init__(self, prepared: Prepared, world: World) -> None:
        self._prepared, self._world = prepared, world

    def __enter__(self) -> None:
        self._prepared.gates.enter(self._world)

    def __exit__(self, *_: object) -> None:
        gates, world = self._prepared.gates, self._world
        gates.enter(world)
        world.close()
        gates.leave()
        world.spoil(self._prepared.left_changed(world))


@contextmanager
def prepared(
    modules: tuple[ModuleType, ...],
    given: Collection[object],
    ours: frozenset[str] = frozenset(),
    others: Collection[object] = (),
) -> Iterator[Prepared]:
    """`given`: functions whose closures are put back as well; `others`: functions of the user's whose closures are not; `ours`: modules of ours whose objects call what the user has.

    Raises NoSource.
    """
    kinds = Kinds(frozenset(module.__name__ for module in modules) | ours)
    gates = Gates(kinds, PLACES)
    calls = Calls(gates, kinds)
    # a collection in the middle of a step would run finalizers there, and not in each execution at the same place
    iterations = Iterations(gates, kinds)
    patterns = Patterns(gates, kinds, iterations, calls)
    named = {
        **gates.named(),
        **Operators(gates, kinds).named(),
        **iterations.named(),
        **patterns.named(),
        "call": calls,
    }
    with installed(modules, [*given, *others], named) as codes, no_collection(), deep_calls(), _quiet():
        gates.ready(LOCATIONS.known())
        calls.ready(codes)
        files = frozenset(str(vars(module)["__file__"]) for module in modules)
        with KEPT.holding(in_globals, may_be_kept):
            snapshot = Snapshot(modules, given)
            try:
                yield Prepared(gates, calls, snapshot, files, Rests(codes))
            finally:
                gates.leave()
                snapshot.undo()


@contextmanager
def _quiet() -> Iterator[None]:
    """What a callback of a future raises is dropped in each execution, and not logged in each."""
    logger = getLogger("concurrent.futures")
    was, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = was
