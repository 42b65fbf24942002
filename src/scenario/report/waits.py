"""Who waits where for what and who holds it, and the circle in which they wait for one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.report.style import Style
from scenario.run.outcome import Blocked, GoesOn
from scenario.source import START


def waits(
    blocked: Sequence[Blocked], cycle: Sequence[str], file: str, style: Style, going: Sequence[GoesOn] = ()
) -> list[str]:
    """One line a blocked thread and one that goes on, and the wait-for cycle drawn where there is one."""
    if not blocked:
        return []
    by_thread = {b.thread: b for b in blocked}
    lines = [style.bold("who waits for what:"), *(f"  {_line(b, file, style)}" for b in blocked)]
    lines += [f"  {style.bold(one.thread)} goes round for ever ({_lines(one)})" for one in going]
    circle = list(cycle) or find_cycle(by_thread)
    if circle and all(thread in by_thread for thread in circle):
        lines += [style.bold("the circle of waiting:"), *(f"  {line}" for line in _drawn(circle, by_thread))]
    return lines


def _line(blocked: Blocked, file: str, style: Style) -> str:
    text = f"{style.bold(blocked.thread)} waits at {file}:{blocked.span.line} for {blocked.waits_for}"
    held = [f"{thread} (since line {span.line})" for thread, span in blocked.holders if span != START]
    if held:  # who is waited for by name holds nothing
        text += f", held by {' and '.join(held)}"
    return text


def _lines(one: GoesOn) -> str:
    first, last = one.first.line, one.last.line
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _drawn(circle: Sequence[str], blocked: Mapping[str, Blocked]) -> Iterator[str]:
    for number, thread in enumerate(circle):
        following = circle[(number + 1) % len(circle)]
        waiting = blocked[thread]
        since = dict(waiting.holders).get(following)
        has = f", so for {following}" if since is None else "" if since == START else f", which {following} has"
        yield f"{'┌─▶' if number == 0 else '│  '} {thread} waits for {waiting.waits_for}{has}"
    yield "└───┘"


def find_cycle(blocked: Mapping[str, Blocked]) -> list[str]:
    """The first circle along the holders; empty if there is none."""
    for start in blocked:
        path = [start]
        while (following := _next(blocked[path[-1]], blocked)) is not None:
            if following in path:
                return path[path.index(following) :]
            path.append(following)
    return []


def _next(waiting: Blocked, blocked: Mapping[str, Blocked]) -> str | None:
    return next((thread for thread, _ in waiting.holders if thread in blocked), None)
