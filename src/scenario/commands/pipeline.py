"""What every command does with its files, case by case; what it does with one case is passed in."""

from __future__ import annotations

import errno
import operator
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.files.faults import described
from scenario.files.loaded import Loaded
from scenario.program.program import Program
from scenario.record import mutable, record
from scenario.results.result import Command, FailureReport, Report, Result, Verdict, VerdictWord

_CLAUSE = r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*"
_COMPARE: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


_LIMITS: Mapping[int, str] = {
    errno.EMFILE: ": `ulimit -n` says how many one process may have",
    errno.EAGAIN: ": `ulimit -u` says how many processes and threads a user may have",
}


class Listener(Protocol):
    """Who is told of results as they come (a report)."""

    def begin(self, file: str, scenario: str, case: str) -> None: ...
    def printed(self, line: str) -> None: ...
    def end(self, result: Result) -> None: ...


@record
class Case:
    """One program, in its file."""

    loaded: Loaded
    program: Program

    @property
    def label(self) -> str:
        return self.loaded.label(self.program)

    @property
    def name(self) -> str:
        """`a.yaml n=2`."""
        return f"{self.loaded.file} {self.label}".rstrip()

    def result(self, verdict: Verdict) -> Result:
        """A result that says which case it is; what is known beyond is for the caller to fill in."""
        about = self.loaded.about
        return Result(
            self.loaded.file,
            _worded(verdict) if verdict.why else verdict,
            self.loaded.source,
            self.program.name,
            about.description if about else "",
            self.label,
            self.loaded.told_runtime(self.program),
            self.program.params,
            self.loaded.diagnostics if self.program is self.loaded.chosen[0] else (),  # a file's warnings stand once
            failures=_reported(verdict) if verdict.evidence else (),
        )


def _worded(verdict: Verdict) -> Verdict:
    from scenario.report.words.undecided import worded

    return worded(verdict)


def _reported(verdict: Verdict) -> tuple[FailureReport, ...]:
    from scenario.report.words.failures import message

    known = ((one.failure, one.token) for one in verdict.evidence)
    return tuple(FailureReport(one.kind, message(one), one.span, one.thread, token) for one, token in known)


Work: TypeAlias = Callable[[Case], Result]
Skip: TypeAlias = Callable[[Program], str | None]
"""Why a case is not for this command, or None."""


@mutable
class Suite:
    """The files of one command, one after the other; an interrupt ends it with what was seen.

    `exitfirst`: so does the first case that does not hold.
    """

    command: Command
    listener: Listener
    exitfirst: bool = False
    results: list[Result] = field(default_factory=list)
    interrupted: bool = False

    def go(self, files: Sequence[Loaded], work: Work, skip: Skip) -> Report:
        """Works on every case of every file."""
        try:
            for item in items(files, skip):
                if self.over():
                    break
                self._item(item, work)
        except KeyboardInterrupt:
            self.interrupt()
        return report(self.command, files, self.results, interrupted=self.interrupted)

    def over(self) -> bool:
        """Whether no other case is wanted."""
        return self.interrupted or stops(self.results, exitfirst=self.exitfirst)

    def interrupt(self) -> None:
        """Ctrl-C: no other case is wanted."""
        self.interrupted = True

    def _item(self, item: Case | Result, work: Work) -> None:
        if isinstance(item, Result):
            self.add(item)
            return
        self.listener.begin(item.loaded.file, item.program.name, item.label)
        result = _worked(item, work)
        self.add(result)
        if is_interrupted(result):
            self.interrupt()

    def add_unfit(self, loaded: Loaded) -> None:
        """A file that is invalid, or on which we failed."""
        self.add(_unfit(loaded))

    def add(self, result: Result) -> None:
        self.results.append(result)
        self.listener.end(result)


def is_shortage(error: OSError) -> bool:
    """Whether the system has too little of something, whatever was asked of it."""
    return error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)


def denied(error: OSError) -> str:
    """What the system refused, in words."""
    if error.errno == errno.ENOENT and _is_nowhere():
        return "the current directory is gone, and processes are started in it"
    return f"the system refused: {error.strerror or error}{_LIMITS.get(error.errno or 0, '')}"


def _is_nowhere() -> bool:
    """Whether the current directory has been removed."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def items(files: Iterable[Loaded], skip: Skip) -> Iterator[Case | Result]:
    """The cases to work on, in order, and of the others what is known without."""
    for loaded in files:
        if loaded.fault is not None or loaded.invalid or loaded.given_up:
            yield _unfit(loaded)
            continue
        for case in (Case(loaded, program) for program in loaded.chosen):
            reason = skip(case.program)
            yield case if reason is None else case.result(Verdict("skipped", reasons=(reason,)))
        for one in loaded.unfit:
            found, named = Verdict("invalid"), (loaded.source, loaded.name)
            yield Result(loaded.file, found, *named, case=one.runtime, runtime=one.runtime, diagnostics=one.diagnostics)


def is_interrupted(result: Result) -> bool:
    """Whether Ctrl-C ended it."""
    return result.interrupted or (result.search is not None and result.search.exploration.interrupted)


def _worked(case: Case, work: Work) -> Result:
    try:
        return work(case)
    except Exception as error:  # noqa: BLE001 (of this case; the others go on)
        return failed(case, error)


def failed(case: Case, error: BaseException) -> Result:
    """What an exception says of a case."""
    match error:
        case InvalidScenario():  # the user's own code, which only running can look for
            return refused(case, error.diagnostics)
        case OSError():  # too many open files, say: nothing is known of the scenario
            return unavailable(case, denied(error))
        case _:
            return faulty(case, described(error))


def refused(case: Case, diagnostics: tuple[Diagnostic, ...]) -> Result:
    """What only running finds wrong in a file."""
    result = case.result(Verdict("invalid"))
    return replace(result, diagnostics=(*result.diagnostics, *diagnostics))


def unavailable(case: Case, why: str) -> Result:
    """The system did not give what a run needs."""
    return case.result(Verdict("undecided", reasons=(why,)))


def faulty(case: Case, what: str) -> Result:
    """A fault of ours."""
    return Result(case.loaded.file, Verdict("undecided"), case.loaded.source, fault=what)


def stops(results: Sequence[Result], *, exitfirst: bool) -> bool:
    """Whether the last result is one after which no other is wanted."""
    return exitfirst and bool(results) and not results[-1].holds


def report(command: Command, files: Sequence[Loaded], results: Sequence[Result], *, interrupted: bool) -> Report:
    """The results, and the files that have none because it was ended before them."""
    known = {result.file for result in results}
    unrun = tuple(loaded.file for loaded in files if loaded.file not in known)
    return Report(command, tuple(results), interrupted=interrupted, unrun=unrun)


_GIVEN_UP = {
    "time": "the time was up before the file was compiled",
    "memory": "its cases take more memory than there is: leave some out, or set the params of one (-p NAME=VALUE)",
}


def _unfit(loaded: Loaded) -> Result:
    """A file that is invalid, or on which we failed, or that took too long."""
    word: VerdictWord = "undecided" if loaded.fault is not None or loaded.given_up else "invalid"
    reasons = (_GIVEN_UP[loaded.given_up],) if loaded.given_up else ()
    return Result(
        loaded.file,
        Verdict(word, reasons=reasons),
        loaded.source,
        loaded.name,
        diagnostics=loaded.told,
        fault=loaded.fault,
    )


def unsuited_python(program: Program) -> str | None:
    """Why `requires` skips the file here."""
    if program.requires_python is None or satisfied(program.requires_python):
        return None
    return f"requires Python {program.requires_python}"


def satisfied(requirement: str, version: tuple[int, ...] = sys.version_info[:3]) -> bool:
    """`requires`: whether this Python is one that a file asks for; compared to the length that is written: 3.13.1 satisfies `==3.13`."""
    return all(_clause(clause, version) for clause in requirement.split(","))


def _clause(clause: str, version: tuple[int, ...]) -> bool:
    match = re.fullmatch(_CLAUSE, clause)
    assert match, "loading has checked it"
    asked = tuple(map(int, match[2].split(".")))
    return _COMPARE[match[1]](version[: len(asked)], asked)
