"""Many cases at a time, their units done by others (`--jobs`, `--dask`); results come in the order of the cases all the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, assert_never, cast

from scenario.commands.pipeline import (
    Case,
    Skip,
    Suite,
    denied,
    failed,
    faulty,
    is_interrupted,
    items,
    refused,
    report,
    stops,
    unavailable,
)  # fmt: skip
from scenario.commands.work.asking import Ask, Asking, By
from scenario.commands.work.making import Made
from scenario.commands.work.units import (
    Answer,
    Done,
    Faulty,
    Refused,
    Unavailable,
    Unit,
    Value,
    most_seconds,
    opened,
    perform,
)
from scenario.ctrl_c import Held
from scenario.files.loaded import Loaded
from scenario.program.evaluate import Raised, tried
from scenario.real.children.crew import INTERRUPT_GRACE
from scenario.results.result import Report, Result
from scenario.spread import Denied, Lost, Spread

AHEAD = 2
"""Units a worker that are begun or wait, so that none has nothing to do while the next case is looked at."""
PATIENCE = INTERRUPT_GRACE + 1.0
"""Seconds for what was interrupted to say what it has seen."""

U = TypeVar("U", bound=Unit)
V = TypeVar("V", bound=Value)


def side_by_side(suite: Suite, files: Sequence[Loaded], ask: Ask[U, V], skip: Skip, by: By) -> Report:
    """One result a case, as `Suite.go` gives them. Ctrl-C ends what is done, with what it has seen; a second one at once."""
    try:
        with Held() as held:
            _go(_Row(suite, by, cast("Ask[Unit, Value]", ask), held), items(files, skip))
    except KeyboardInterrupt:
        suite.interrupt()
    return report(suite.command, files, suite.results, interrupted=suite.interrupted)


def _go(row: _Row, cases: Iterable[Case | Result]) -> None:
    try:
        try:
            row.go(cases)
        except KeyboardInterrupt:
            row.interrupt()
    finally:
        row.stop()
        row.tell(gaps=True)


class _Task:
    """A case, what it has asked for, and what is known of that."""

    def __init__(self, case: Case, asking: Asking[Unit, Value]) -> None:
        self.case, self._asking = case, asking
        self._values: dict[int, Value] = {}
        self._left = 0
        self.asked = 0
        self.printed: list[str] = []
        self.result: Result | None = None

    @property
    def known(self) -> int:
        """Of how many of the units it knows what came of them."""
        return self.asked - self._left

    def begin(self) -> Sequence[Unit]:
        """The first units."""
        return self._asked(lambda: next(self._asking))

    def take(self, number: int, answer: Answer | Lost | Denied | None) -> Sequence[Unit]:
        """What came of a unit (None: it was recalled); the next units, when all is known of these."""
        self._left -= 1
        match answer:
            case None:
                pass
            case Done(value):
                self._values[number] = value
                if isinstance(value, Made):
                    self.printed += value.printed
            case Refused(diagnostics):
                self.result = refused(self.case, diagnostics)
            case Unavailable(why):
                self.result = unavailable(self.case, why)
            case Denied(error):
                self.result = unavailable(self.case, denied(error))
            case Faulty(what) | Lost(what):
                self.result = faulty(self.case, what)
            case _:
                assert_never(answer)
        return () if self._left else self.forgo()

    def forgo(self) -> Sequence[Unit]:
        """Nothing more will be known of these units; the next ones."""
        if self.result is not None or not self._values:
            return ()
        values = [self._values[number] for number in sorted(self._values)]
        return self._asked(lambda: self._asking.send(values))

    def _asked(self, go_on: Callable[[], Sequence[Unit]]) -> Sequence[Unit]:
        made = tried(go_on)
        units: Sequence[Unit] = () if isinstance(made, Raised) else made
        if isinstance(made, Raised):
            end = made.error
            self.result = end.value if isinstance(end, StopIteration) else failed(self.case, end)
        self._values, self.asked, self._left = {}, len(units), len(units)
        return units


class _Row:
    """The cases that have begun and are not told, in their order."""

    def __init__(self, suite: Suite, by: By, ask: Ask[Unit, Value], held: Held) -> None:
        self._suite, self._by, self._ask, self._held = suite, by, ask, held
        self._spread: Spread[Unit, tuple[_Task, int]] = Spread(by.hands, perform)
        self._row: deque[_Task | Result] = deque()

    def go(self, cases: Iterable[Case | Result]) -> None:
        """Until all is known, or nothing more is wanted."""
        rest = iter(cases)
        while not self._suite.over():
            item = next(rest, None) if len(self._spread) < AHEAD * self._by.hands.workers else None
            if item is not None:
                self._begin(item)
            elif len(self._spread):
                self._collect()
            else:
                return
            self.tell()

    def interrupt(self) -> None:
        """Ctrl-C: what has begun comes to its end."""
        self._suite.interrupt()
        self._spread.recall()
        while len(self._spread) and self._collect(PATIENCE):
            pass
        for task in self._row:
            if isinstance(task, _Task):
                task.forgo()

    def stop(self) -> None:
        """Whatever is still done is of no use any more."""
        self._spread.recall(at_once=True)

    def tell(self, *, gaps: bool = False) -> None:
        """What is known of the next cases; `gaps`: also of those behind one of which nothing is."""
        while self._row and not stops(self._suite.results, exitfirst=self._suite.exitfirst):
            first = self._row[0]
            if isinstance(first, _Task) and first.result is None and not gaps:
                self._by.progress(f"{first.case.name}: {first.known:,} of {first.asked:,} parts")
                return
            self._row.popleft()  # or a Ctrl-C would have it told twice
            if isinstance(first, Result):
                self._suite.add(first)
            elif first.result is not None:
                self._tell(first.case, first.printed, first.result)

    def _tell(self, case: Case, printed: Sequence[str], result: Result) -> None:
        listener = self._suite.listener
        listener.begin(case.loaded.file, case.program.name, case.label)
        for line in printed:
            listener.printed(line)
        self._suite.add(result)
        if is_interrupted(result):
            self._suite.interrupt()

    def _begin(self, item: Case | Result) -> None:
        if isinstance(item, Result):
            self._row.append(item)
            return
        task = _Task(item, self._ask(item))
        self._row.append(task)
        self._give(task, task.begin())

    def _collect(self, seconds: float | None = None) -> bool:
        """Waits for answers; whether there were any."""
        some = False
        self._held.heard(lambda: self._spread.wait(seconds))
        for (task, number), said in self._spread.finished():
            some = True
            answer = opened(said) if isinstance(said, bytes) else said
            self._give(task, task.take(number, answer))
        return some

    def _give(self, task: _Task, units: Sequence[Unit]) -> None:
        for number, unit in enumerate(units):
            self._spread.give((task, number), unit, most_seconds(unit))
