"""`replay`: a failing schedule, taken again step by step on real threads and real primitives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import Any

from scenario.commands.again.command import replay_line
from scenario.commands.again.schedules import Request, of_digest
from scenario.commands.exploring import unsuited
from scenario.commands.loading.selected import load_all
from scenario.commands.pipeline import Case, Listener, Suite
from scenario.commands.work.searching import configured, searched
from scenario.engines import tasks
from scenario.engines.explore import Unexplored
from scenario.engines.explore.again import retrace, unknown_threads
from scenario.engines.threads.controlled import Replayed
from scenario.engines.threads.controlled import replay as play
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.judge import exploration_verdict, judge, runs_verdict
from scenario.judge.verdict import Run
from scenario.memory.kept import Kept, keep, kept
from scenario.program.program import Program
from scenario.record import record
from scenario.report.words.replays import EXEMPT, left
from scenario.report.words.undecided import words
from scenario.results.exploration import Exploration
from scenario.results.result import Evidence, Report, Result, Verdict, VerdictWord
from scenario.results.schedule import Schedule
from scenario.results.script import Script
from scenario.results.token import decode, encode
from scenario.settings import CHOICES, ExploreOptions

ON_PROCESSES = (
    "a schedule is not taken again on real processes, which nobody holds at each step: `scenario explore` shows its steps, "
    "`scenario step` takes them one by one, `scenario run --times 1000` runs the processes"
)
Shown = Callable[[Schedule, int], None]
"""Called after each step with the schedule and the step's number."""


@record
class Replay:
    """The command: `token` None replays what is kept of the files, or what exploring them finds."""

    selection: Selection
    options: ExploreOptions
    listener: Listener
    token: str | None = None
    on_step: Shown | None = None
    origins: dict[str, Loaded] = field(default_factory=dict)
    """The files with all their cases."""

    def run(self, files: Sequence[Loaded], requests: Sequence[Request] = ()) -> Report:
        """One result a schedule. Raises UsageError for a schedule of another version of its file."""
        suite = Suite("replay", self.listener)
        if self.token is not None:
            self.origins.update({file.file: file for file in files})
            files = [of_digest(file, self.token) for file in files]
        report = suite.go(files, self.replayed, unsuited)
        for request in requests:
            selection = replace(self.selection, paths=(request.file,), params=request.params, keyword="", tags=())
            found = [of_digest(file, request.token) for file in load_all(selection, exploring=True)]
            replay = replace(self, selection=selection, token=request.token, options=request.options, origins={})
            report = suite.go(found, replay.replayed, unsuited)
        return report

    def replayed(self, case: Case) -> Result:
        """The schedule that is given, or kept of the case, or found by exploring it, on real threads."""
        if case.program.runtime == "multiprocessing":
            return case.result(Verdict("undecided", reasons=(ON_PROCESSES,)))
        if case.program.runtime == "asyncio":
            return self._on_asyncio(case)
        if self.token is not None:
            return self._schedule(case, configured(case.program, self.options), decode(self.token))
        known = [one for one in kept(case.loaded.file, case.program) if self._is_current(one, case.program)]
        if known:
            return self._schedule(case, configured(case.program, self.options), decode(known[0].schedule))
        return self._explored(case)

    def _on_asyncio(self, case: Case) -> Result:
        """The schedule that is given, or found by exploring, on the real loop."""
        program = configured(case.program, self.options)
        if self.token is not None:
            schedule = decode(self.token)
        else:
            found = tasks.explore(program, self.options, judge=judge)
            findings = (*found.findings, *found.permitted)
            if not findings:
                return _without(case, program, found)
            schedule = findings[0].schedule
        outcome, taken = tasks.replay(program, schedule, self.options.max_seconds)
        verdict = runs_verdict(program, [Run(outcome, judge(program, outcome), 0)])
        told = f"{_taken(len(taken.moves))} on asyncio's own loop"
        evidence = tuple(replace(one, schedule=taken, seed=None, shared=outcome.shared) for one in verdict.evidence)
        origin = Case(self.origins.get(case.loaded.file, case.loaded), case.program)
        return replace(
            case.result(Verdict(verdict.word, evidence, reasons=(told,))),
            final=outcome.shared if outcome.end == "finished" else None,
            output=outcome.output,
            reproduce=replay_line(origin, self.selection, encode(taken), self.options),
        )

    def _is_current(self, one: Kept, program: Program) -> bool:
        schedule = decode(one.schedule)
        same = schedule.digest == program.digest and one.settings == configured(program, self.options).explore
        return same and not unknown_threads(program, schedule)

    def _explored(self, case: Case) -> Result:
        program = configured(case.program, self.options)
        found = searched(program, self.selection, self.options)
        keep(case.loaded.file, case.program if program.explore is None else program, found)
        findings = (*found.findings, *found.permitted)
        if not findings:
            return _without(case, program, found)
        shown = self._schedule(case, program, findings[0].schedule)
        return replace(shown, interrupted=shown.interrupted or found.interrupted)

    def _schedule(self, case: Case, program: Program, schedule: Schedule) -> Result:
        if program.python:
            return self._of_own_code(case, program, schedule)
        try:
            return self._played(case, program, schedule)
        except Unexplored as reason:
            return case.result(
                Verdict("undecided", reasons=(f"the schedule was not followed to its end: {words(reason.why)}",))
            )

    def _of_own_code(self, case: Case, program: Program, schedule: Schedule) -> Result:
        """On real threads, which the process of the user's own code has."""
        if schedule.code is None:
            return case.result(
                Verdict("undecided", reasons=("a file with own code has schedules that name its places",))
            )
        found = searched(program, self.selection, self.options, schedule=schedule.code)
        verdict = exploration_verdict(program, found)
        if verdict.word == "undecided" and not found.undecided:
            verdict = Verdict(
                "holds", reasons=("the schedule was followed on real threads, then each thread to its end",)
            )
        return replace(
            case.result(verdict),
            reproduce=replay_line(case, self.selection, encode(schedule), self.options),
            interrupted=found.interrupted,
        )

    def _played(self, case: Case, program: Program, schedule: Schedule) -> Result:
        played: Result | None = None
        origin = Case(self.origins.get(case.loaded.file, case.loaded), case.program)
        for script in retrace(program, schedule, self.options.max_seconds):
            replayed = play(program, script, on_step=self._on_step(script))
            played = replace(
                case.result(_verdict(program, script, replayed)),
                final=replayed.outcome.shared if replayed.outcome.end == "finished" else None,
                output=replayed.outcome.output,
                reproduce=replay_line(origin, self.selection, encode(script.schedule), self.options),
            )
            if played.verdict.evidence:
                return played
        if played is not None:
            return played
        flags = ", ".join(f"--{name}" for name in CHOICES)
        reason = f"the schedule can not be followed: was it found with other settings ({flags})?"
        return case.result(Verdict("undecided", reasons=(reason,)))

    def _on_step(self, script: Script) -> Any:
        if self.on_step is None:
            return None
        shown = self.on_step
        return lambda number, _: shown(script.schedule, number)


def _without(case: Case, program: Program, found: Exploration) -> Result:
    """Where exploring has found no failure."""
    verdict = exploration_verdict(program, found)
    told = "there is no failure to replay" if found.exhausted else "no failure was found to replay"
    return replace(
        case.result(replace(verdict, reasons=(*verdict.reasons, told))),
        interrupted=found.interrupted,
    )


def _verdict(program: Program, script: Script, replayed: Replayed) -> Verdict:
    """What the judge says of the real threads' outcome, with the schedule as evidence."""
    labels = tuple(f"exempt: {EXEMPT[one]}" for one in replayed.exempt)
    if replayed.diverged is not None:
        reason = f"the real threads left the schedule at {left(replayed.diverged)}"
        return Verdict("undecided", reasons=(reason, "This is a fault of scenario. Please report it.", *labels))
    judged = judge(program, replayed.outcome)
    verdict = runs_verdict(program, [Run(replayed.outcome, judged, 0)])
    evidence = tuple(_with(one, script, replayed) for one in verdict.evidence)
    steps = len(script.schedule.moves)
    if verdict.word == "undecided" and not evidence:
        return Verdict("undecided", reasons=(f"{_taken(steps)}, and nothing has failed yet", *labels))
    word: VerdictWord = "holds" if verdict.word == "undecided" else verdict.word
    rest = ", then all that were left of each thread" if script.schedule.rest else ""
    told = f"{_taken(steps)} on real threads{rest}"
    return Verdict(word, evidence, reasons=(told, *labels))


def _taken(steps: int) -> str:
    match steps:
        case 0:
            return "there was no step to take"
        case 1:
            return "the only step was taken"
        case _:
            return f"all {steps} steps were taken"


def _with(evidence: Evidence, script: Script, replayed: Replayed) -> Evidence:
    """The evidence with the schedule; a livelock is where its cycle begins, or where its first thread is."""
    failure, schedule, going = evidence.failure, script.schedule, evidence.going
    if schedule.cycle is not None:
        failure = schedule.placed(failure)
    elif failure.kind == "livelock" and going:
        failure = replace(failure, span=going[0].first, thread=going[0].thread)
    return replace(evidence, failure=failure, schedule=schedule, seed=None, shared=replayed.outcome.shared)
