"""What is known of one file, or of one case of it, when its work is done: all that a report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from scenario.diagnostics import Diagnostic
from scenario.kinds import FailureKind
from scenario.language.runtimes import Runtime
from scenario.record import record
from scenario.results.token import encode
from scenario.settings import Settings
from scenario.source import START, Source, Span

if TYPE_CHECKING:  # what only one command's results have, failures, own code, pages
    from scenario.results.code import CodeFailure
    from scenario.results.exploration import Exploration, Row
    from scenario.results.failures import Error, Failure
    from scenario.results.for_all import ForAll
    from scenario.results.frames import Film
    from scenario.results.outcome import GoesOn
    from scenario.results.schedule import Schedule
    from scenario.results.undecided import Undecided
    from scenario.results.waiting import Blocked, Giver

VerdictWord: TypeAlias = Literal["holds", "fails", "undecided", "invalid", "skipped"]
Command: TypeAlias = Literal["run", "validate", "explore", "replay"]


@record
class Evidence:
    """One failure and what a person needs to understand it; `expected`: `expect` allows or demands it.

    `code`: what the user's own code did. `replay` is the command that takes its schedule again.
    """

    failure: Failure
    expected: bool = False
    schedule: Schedule | None = None
    blocked: tuple[Blocked, ...] = ()
    going: tuple[GoesOn, ...] = ()
    givers: tuple[Giver, ...] = ()
    shared: Mapping[str, object] = field(default_factory=dict)
    traceback: str | None = None
    seed: int | None = None
    replay: str | None = None
    code: CodeFailure | None = None

    @property
    def token(self) -> str | None:
        """The schedule as `scenario replay --schedule` takes it, if there is one."""
        return None if self.schedule is None else encode(self.schedule)


@record
class FailureReport:
    """A failure as it is told: what a report says of it, and what `scenario replay` takes of its schedule."""

    kind: FailureKind
    message: str
    span: Span = START
    thread: str | None = None
    schedule: str | None = None

    def __str__(self) -> str:
        """`final: `counter == 2` is false: counter is 1`."""
        return f"{self.kind}: {self.message}"

    def __repr__(self) -> str:
        where = f"line {self.span.line}{'' if self.thread is None else f', {self.thread}'}"
        return f"<Failure {self} ({where})>"


@record
class Seen:
    """A `sometimes` or `reachable`, or a permitted end, whether it was seen, and what it raised if it was not."""

    kind: str
    text: str
    seen: bool
    span: Span = START
    raised: Error | None = None


@record
class Verdict:
    """The judge's word on a run, on many runs or on an exploration.

    What fails comes before what was expected. `why`: the facts for which it is undecided; `reasons`: the same in words, and
    what a command says of it.
    """

    word: VerdictWord
    evidence: tuple[Evidence, ...] = ()
    seen: tuple[Seen, ...] = ()
    why: tuple[Undecided, ...] = ()
    reasons: tuple[str, ...] = ()


@record
class Search:
    """How an exploration went, under which settings; `for_all`: what is known of all values of some params."""

    exploration: Exploration
    settings: Settings = Settings()
    for_all: ForAll | None = None


@record
class Result:
    """One line of a report: an invalid or skipped file, or a case that was validated, run or explored.

    `case` names the params in which the cases of a file differ (`workers=2`); `params` are all effective ones.
    `runtime`: what it was run on, where a file or the command line names any.
    `final`, `output` and `elapsed` (seconds) come from a single run, `rows` from many or from an exploration. `runs`
    counts them, `failed` those of them in which something failed that was not expected. `failures` are those of the
    verdict, also where `expect` allows them. `reproduce` is one shell command. `fault` is the text of an error of our own.
    `film`: a single run step by step, if its steps were kept. `validated`: it was only checked. `interrupted`: Ctrl-C ended it.
    """

    file: str
    verdict: Verdict
    source: Source | None = None
    scenario: str | None = None
    description: str = ""
    case: str = ""
    runtime: Runtime | None = None
    params: Mapping[str, object] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    rows: tuple[Row, ...] = ()
    runs: int | None = None
    failed: int = 0
    final: Mapping[str, object] | None = None
    output: tuple[str, ...] | None = None
    elapsed: float | None = None
    seed: int | None = None
    search: Search | None = None
    reproduce: str | None = None
    fault: str | None = None
    film: Film | None = None
    validated: bool = False
    failures: tuple[FailureReport, ...] = ()
    interrupted: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it: what was skipped counts as that."""
        return self.fault is None and self.verdict.word in ("holds", "skipped")

    def __bool__(self) -> bool:
        """As `holds`."""
        return self.holds

    def __repr__(self) -> str:
        """`<Result lost-update [n=2]: fails, final>`: the whole of it is long."""
        case = f" [{self.case}]" if self.case else ""
        said = [self.verdict.word, *dict.fromkeys(one.failure.kind for one in self.verdict.evidence)]
        return f"<Result {self.scenario or self.file}{case}: {', '.join(said)}>"


@record
class Report:
    """All results of one command, in order; `seconds` is how long it took.

    `unrun` are the files of which nothing is known, because it was ended before them; `others` is how many YAML files of
    directories were passed over, being no scenarios.
    """

    command: Command
    results: tuple[Result, ...]
    seconds: float = 0.0
    interrupted: bool = False
    unrun: tuple[str, ...] = ()
    others: int = 0
