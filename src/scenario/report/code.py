"""What exploring the user's own code found, as text: the verdict, the schedule in lanes of the user's own lines, how to see it again."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import assert_never

from scenario.legible import legible
from scenario.report.style import Style
from scenario.report.values import numbered
from scenario.report.words.patterns import sentence
from scenario.results.code import Access, CodeFailure, CodeResult, Covered, Race, Row, Stuck

WIDTH = 100
WIDEST = 44
"""Columns of one lane, at most."""
LONGEST = 60
"""Steps that are shown; of a longer schedule the middle is left out."""


def code_text(name: str, result: CodeResult, replay: str, style: Style) -> list[str]:
    """The whole report. `replay`: what to paste to see the failure again, with `{}` for the schedule."""
    lines = [_head(legible(name), result, style)]
    if result.failure is not None:
        lines += _failure(result.failure, style)
    lines += [f"  {line}" for sentence in _sentences(result) for line in style.filled(sentence, 2)]
    if result.races is not None:
        lines += races(result.races, style)
    if result.failure is not None:
        lines += ["", style.hint("replay: ") + replay.format(legible(result.failure.schedule))]
    return lines


def _head(name: str, result: CodeResult, style: Style) -> str:
    word = {"holds": "PASS", "fails": "FAIL", "undecided": "UNDECIDED"}[result.verdict]
    return f"{style.verdict(result.verdict, word)} {style.bold(name)}"


def brief(result: CodeResult) -> str:
    """The first line of what is wrong."""
    failure = result.failure
    return result.reason or "nothing was found" if failure is None else what(failure).splitlines()[0]


def what(failure: CodeFailure) -> str:
    """What went wrong, in words; those of an exception may be several lines."""
    match failure.kind:
        case "deadlock":
            return f"deadlock: {', '.join(stuck.thread for stuck in failure.stuck)} can never move again"
        case "error":
            return f"error: {failure.thread} ended with {failure.message}"
        case kind:
            return f"{kind}: {failure.message}"


def _failure(failure: CodeFailure, style: Style) -> Iterator[str]:
    first, *more = legible(what(failure), "\n").splitlines()
    yield style.bad(first)
    for line in more:  # a text that ran may not look like a line of ours
        yield "    " + style.bad(line)
    for line in legible(failure.trace, "\n").splitlines():
        yield style.dim(line)
    for stuck in failure.stuck:
        yield from (f"  {line}" for line in style.filled(_waits(stuck), 2))
    if failure.pattern is not None:
        yield from style.led(failure.pattern.name, f": {sentence(failure.pattern)}", style.bold)
    yield ""
    yield from lanes(failure.rows, style)
    yield ""


def _waits(stuck: Stuck) -> str:
    at = f"{PurePath(stuck.file).name}:{stuck.line}"
    held = f", which {stuck.holder} has" if stuck.holder and stuck.holder != stuck.thread else ""
    held = ", which it has itself" if stuck.holder == stuck.thread else held
    since = f" since {stuck.since.rpartition(':')[0]}" if stuck.since else ""
    return legible(f"{stuck.thread} waits for {stuck.target} at {at}{held}{since}")


def races(found: Sequence[Race], style: Style) -> Iterator[str]:
    """Data races with both places."""
    if not found:
        yield "  no data race was seen: all accesses in conflict were ordered"
        return
    yield style.bold("data races (accesses in conflict that nothing orders):")
    for race in found:
        one, other = _at(race.one), _at(race.other)
        yield f"  {one}" + (" (in two threads)" if one == other else "")
        if one != other:
            yield f"    {other}"


def _at(access: Access) -> str:
    return legible(f"{PurePath(access.file).name}:{access.line} {access.verb} {access.target}: {access.source}")


# --- lanes ---------------------------------------------------------------------------------------------


def lanes(rows: Sequence[Row], style: Style) -> list[str]:
    """One column a thread: the source line, and below it each access, with `*` where another thread's is in conflict."""
    if not rows:
        return ["  (no step was taken that another thread could see)"]
    cells = list(_cells(rows))
    width = (style.width or WIDTH) - 2
    names = list(dict.fromkeys(row.thread for row in rows))
    place = max(len(cell[1]) for cell in cells)
    lane = min(max(*(len(cell[2]) for cell in cells), *map(len, names)), WIDEST)
    if place + 2 + (lane + 2) * len(names) > width:
        return _listed(cells, place, width)
    head = "  " + " " * (place + 2) + "  ".join(name.ljust(lane) for name in names).rstrip()
    body = (
        f"  {at.ljust(place)}  {' ' * (lane + 2) * names.index(thread)}{_cut(text, lane)}" for thread, at, text in cells
    )
    return [style.bold(head), *_shortened([line.rstrip() for line in body])]


def _listed(cells: Sequence[tuple[str, str, str]], place: int, width: int) -> list[str]:
    """Where the lanes do not fit: the thread before each line."""
    name = max(len(cell[0]) for cell in cells)
    room = max(width - place - name - 6, 20)
    return _shortened([f"  {at.ljust(place)}  {thread.ljust(name)}  {_cut(text, room)}" for thread, at, text in cells])


def _cells(rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """Thread, place and text of each line of the lanes."""
    for (thread, file, line), group in groupby(rows, lambda row: (row.thread, row.file, row.line)):
        steps = list(group)
        if file:
            yield legible(thread), f"{PurePath(file).name}:{line}", legible(steps[0].source)
        for row in steps:
            value = "" if row.value is None else f": {row.value}"
            said = f"{'*' if row.conflicts else '-'} {row.verb} {row.target}{value}"
            yield legible(thread), "", legible(said.rstrip())


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= 2 * LONGEST:
        return lines
    return [*lines[:LONGEST], f"  …  ({numbered(len(lines) - 2 * LONGEST, 'line')})", *lines[-LONGEST:]]


def _cut(text: str, width: int) -> str:
    return (
        text if len(text) <= width else textwrap.shorten(text, width, placeholder="…") if " " in text else text[:width]
    )


# --- sentences -----------------------------------------------------------------------------------------


def _sentences(result: CodeResult) -> Iterator[str]:
    failure = result.failure
    if result.reason:
        yield legible(result.reason)
    if failure is not None:
        times = numbered(failure.preemptions, "preemption")
        yield (
            f"found after {executions(result.covered.executions)}, with {times}, and seen again on real threads;"
            " `*` marks accesses of which another thread's is in conflict"
        )
    else:
        yield covered(result.covered)
    if result.passed_over:
        named = ", ".join(map(repr, result.passed_over))
        yield f"each call of {', '.join(result.passed_over)} was one step: to look into it, name it (`modules=[{named}]`)"


def executions(count: int) -> str:
    """`1 execution`, `2 executions`."""
    return numbered(count, "execution")


def covered(of: Covered) -> str:
    """What was tried."""
    match of.kind:
        case "interleavings":
            return f"all {of.count:,} interleavings were executed" if of.count != 1 else "there is one interleaving"
        case "classes":
            return (
                f"all {of.count:,} distinct interleavings were executed"
                " (those that differ in the order of independent accesses alone are one)"
            )
        case "preemptions":
            return f"all schedules with at most {numbered(of.bound, 'preemption')}; {executions(of.executions)}"
        case "priorities":
            one_in = f"{round(1 / of.chance):,}" if of.chance else "…"
            return (
                f"{executions(of.executions)} by random priorities (PCT): a failure of depth {of.bound} shows in one of them with a"
                f" probability of at least 1 in {one_in}"
            )
        case "uniform":
            return f"{executions(of.executions)} by chance: at each step each thread was as likely as another"
        case "some":
            return f"{executions(of.executions)}, which is not all"
        case _ as never:
            assert_never(never)
