"""The child process that looks at texts, so that a hostile one costs the editor nothing: it is ended when it takes too long.

It reads questions from its standard input and writes answers, a line each. Here too: what exploring a text gives.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from scenario.commands.exploring import unsuited
from scenario.commands.loading.compiling import compiled
from scenario.commands.loading.reading import read_model
from scenario.editor.facts import facts
from scenario.editor.text import Lines, lines_of
from scenario.editor.wire import Explored, Mistake, question, told
from scenario.engines.explore import explore
from scenario.files.options import Selection
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.report.values import numbered
from scenario.report.words.failures import message
from scenario.report.words.undecided import words
from scenario.results.result import Verdict
from scenario.settings import ExploreOptions
from scenario.source import Source

SECONDS = 10.0
"""The most that an editor waits for a verdict, over all cases."""

_WORST = ("fails", "undecided", "holds")


def work() -> None:
    """Answers until the pipe is closed."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    for line in sys.stdin.buffer:
        what, text, path = question(line)
        answers.write(told(explored(text, path) if what == "explore" else facts(text, path)))
        answers.flush()


def explored(text: str, path: str) -> Explored:
    """The verdict over all cases. No code of the user's own is run: a file that has some says so."""
    loaded = compiled(read_model(path, Source(path, text)), {}, Selection((path,)), exploring=True)
    if not loaded.programs:
        first = loaded.diagnostics[0].message if loaded.diagnostics else loaded.fault
        return Explored((), f"not explored: {first}")
    lines, options = lines_of(text), ExploreOptions(max_seconds=SECONDS / len(loaded.programs))
    words_of: list[tuple[str, str]] = []
    failures: list[Mistake] = []
    for program in loaded.programs:
        if (why := unsuited(program)) is not None:
            words_of.append(("undecided", f"not explored: {why}"))
            continue
        found = explore(program, options, judge=judge)
        verdict = exploration_verdict(program, found)
        case = loaded.label(program)
        failures += _failures(verdict, lines, f" [{case}]" if case else "")
        words_of.append((verdict.word, _said(verdict, found.states, program)))
    return Explored(tuple(dict.fromkeys(failures)), min(words_of, key=lambda said: _WORST.index(said[0]))[1])


def _said(verdict: Verdict, states: int, program: Program) -> str:
    params = ", ".join(f"{name}={value}" for name, value in program.params.items())
    size = f"{numbered(states, 'state')}{f', {params}' if params else ''}"
    if verdict.word == "undecided":
        return f"undecided: {words(verdict.why[0])} ({size})" if verdict.why else f"undecided ({size})"
    kinds = ", ".join(dict.fromkeys(one.failure.kind for one in verdict.evidence if not one.expected))
    return f"{verdict.word}{f': {kinds}' if kinds else ''} ({size})"


def _failures(verdict: Verdict, lines: Lines, case: str) -> Iterator[Mistake]:
    for one in verdict.evidence:
        if not one.expected:
            failure = one.failure
            yield Mistake(lines.range(failure.span), failure.kind, message(failure) + case, "warning")
