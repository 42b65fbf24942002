"""Who waits where for what and who holds it, and the circle in which they wait for one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scenario.report.style import Style
from scenario.report.values import numbered
from scenario.report.words.waits import words
from scenario.results.outcome import GoesOn
from scenario.results.waiting import Blocked, Holder, circle

MANY = 12
"""Threads that wait, or go on, and are told one by one."""


def waits(
    blocked: Sequence[Blocked], file: str, style: Style, going: Sequence[GoesOn] = (), *, at_times: bool = False
) -> list[str]:
    """One line a blocked thread and one that goes on, and the wait-for cycle drawn where there is one.

    `at_times`: they starve, so what they wait for is held in some states of a round that goes on for ever.
    """
    if not blocked and not going:
        return []
    lines = [style.bold("who waits for what:" if blocked else "who goes on:")]
    lines += _told([(b.thread, _line(b, file, at_times=at_times)) for b in blocked], style)
    lines += _told([(one.thread, f"{one.thread} goes round for ever ({_lines(one)})") for one in going], style)
    round_ = circle(blocked)
    if round_:
        lines += [style.bold("the circle of waiting:"), *(f"  {line}" for line in _drawn(round_, style))]
    return lines


def _told(said: Sequence[tuple[str, str]], style: Style) -> Iterator[str]:
    """Sentences that begin with a thread, which stands out; not all of very many."""
    shown = said[: None if style.full else MANY]
    for thread, sentence in shown:
        first, *more = style.filled(f"  {sentence}")
        yield first.replace(thread, style.bold(thread), 1)
        yield from more
    if len(said) > len(shown):
        yield f"  … and {numbered(len(said) - len(shown), 'more thread')}{style.unfolds}"


def _line(blocked: Blocked, file: str, *, at_times: bool) -> str:
    who = f"{blocked.thread}{' (a daemon)' if blocked.daemon else ''}"
    text = f"{who} waits at {file}:{blocked.span.line} for {words(blocked.wait)}"
    held = " and ".join(_since(*each) for each in Counter(blocked.wait.holders).items())
    if not held:
        return text
    how = "whose places were taken by" if blocked.wait.kind == "semaphore" else "held by"
    return f"{text}, {'at times ' if at_times else ''}{how} {held}"


def _lines(one: GoesOn) -> str:
    first, last = one.first.line, one.last.line
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _since(holder: Holder, times: int) -> str:
    told = [f"{times} of them"] if times > 1 else []
    told += [] if holder.since is None else [f"since line {holder.since.line}"]
    since = f" ({', '.join(told)})" if told else ""
    return f"{holder.thread}{since}{', which was killed' if holder.is_killed else ''}"


def _drawn(round_: Sequence[Blocked], style: Style) -> Iterator[str]:
    for number, one in enumerate(round_):
        following = round_[(number + 1) % len(round_)].thread
        text = f"{one.thread} waits for {words(one.wait)}{_why(one, following)}"
        for place, line in enumerate(style.filled(text, len("  ┌─▶ "))):
            yield f"{'┌─▶' if number == place == 0 else '│  '} {line}"
    yield "└───┘"


def _why(one: Blocked, following: str) -> str:
    """What it is to the next in the circle, where the words do not name that."""
    if any(holder.thread == following for holder in one.wait.holders):
        return f", which {following} has"
    return "" if one.wait.kind in ("thread", "future") else f", so for {following}"
