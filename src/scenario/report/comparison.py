"""What `compare` prints: a line a way with bars, the outcomes where they differ, what was left out; and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.report.cells import padded, width
from scenario.report.style import Style
from scenario.report.table import grid
from scenario.report.values import text_value
from scenario.results.comparison import IN_TURN, Comparison, LeftOut, Line, Seen
from scenario.results.result import VerdictWord

HEADS = ("", "run", "explored", "wall", "CPU", "speed-up")
LONGEST = 40
"""Characters of the longest bar."""
LEAST = 8
MISSED = "none of those expected"
EIGHTHS = "▏▎▍▌▋▊▉█"


def comparison_text(comparison: Comparison, style: Style) -> Iterator[str]:
    """The lines of one case."""
    case = f" [{comparison.case}]" if comparison.case else ""
    yield style.bold(f"{comparison.file}: {comparison.scenario}{case}")
    if comparison.lines:
        head, *rows = grid(HEADS, [cells(comparison, line) for line in comparison.lines], style)
        yield f"  {head}"
        widest = max(map(width, rows))
        bars = _bars(comparison, (style.width or 100) - widest - 6)
        yield from (f"  {padded(row, widest)}  {bar}".rstrip() for row, bar in zip(rows, bars, strict=True))
    for note in notes(comparison):
        yield from style.filled(f"  {note}")


def name(of: Line | LeftOut) -> str:
    """`threading`, `threading (3.13.1 free-threaded)`, the path of an interpreter that does not answer."""
    if of.way is None:
        return of.python
    return f"{of.way} ({of.python})" if of.python else of.way


def cells(comparison: Comparison, line: Line) -> list[str]:
    """What stands under each of the heads."""
    speed_up = None if line.way == IN_TURN else comparison.speed_up(line)
    return [
        name(line),
        _verdict(line, line.run, ()),
        "" if line.explored is None else _verdict(line, line.explored, line.found),
        seconds(line.wall),
        seconds(line.cpu),
        "" if speed_up is None else times_as_fast(speed_up),
    ]


def _verdict(line: Line, word: VerdictWord, found: tuple[str, ...]) -> str:
    """The word, what was found, and that the file does not speak of this way, where that sounds like a complaint."""
    told = [kind for kind in found if kind != "fails"]
    if _is_unmeant(line, word):
        told.append("not meant")
    elif "fails" in found:
        told.append(MISSED)
    return f"{word} ({', '.join(told)})" if told else word


def _is_unmeant(line: Line, word: VerdictWord | None) -> bool:
    return not line.meant and line.way != IN_TURN and word not in ("holds", "undecided", None)


def seconds(value: float) -> str:
    """Three figures: `0.512 s`, `12.3 s`, `31 ms`."""
    return f"{1000 * value:.3g} ms" if value < 0.1 else f"{value:.3g} s"


def times_as_fast(value: float) -> str:
    """Two figures, and whole numbers in full: `0.27 x`, `4.5 x`, `240 x`."""
    return f"{value:.0f} x" if value >= 10 else f"{value:.2g} x"


def _bars(comparison: Comparison, room: int) -> Iterator[str]:
    """As long as the wall time, beside one another."""
    longest, width = max(line.wall for line in comparison.lines), max(min(room, LONGEST), LEAST)
    for line in comparison.lines:
        eighths = round(8 * width * line.wall / longest) if longest else 0
        whole, rest = divmod(max(eighths, 1), 8)
        yield EIGHTHS[-1] * whole + (EIGHTHS[rest - 1] if rest else "")


def notes(comparison: Comparison) -> Iterator[str]:
    """What was seen, where that is more than one thing; what is not decided; what is left out."""
    different = {repr((seen.values, seen.end)) for line in comparison.lines for seen in line.outcomes}
    for line in comparison.lines if len(different) > 1 else ():
        runs = sum(seen.runs for seen in line.outcomes)
        yield f"seen: {name(line)}: " + "; ".join(_seen(seen, runs) for seen in line.outcomes)
    if any(_is_unmeant(line, word) for line in comparison.lines for word in (line.run, line.explored)):
        yield "not meant: the file's `runtimes` do not name it"
    for line in comparison.lines:
        if line.why:
            yield f"{name(line)}: not decided: {line.why}"
    for one in comparison.left_out:
        yield f"left out: {name(one)}: {one.why}"


def _seen(seen: Seen, runs: int) -> str:
    values = ", ".join(f"{key} = {text_value(value, 40)}" for key, value in seen.values.items())
    what = ", ".join(filter(None, [values, seen.end])) or "fine"
    return f"{what} ({seen.runs} of {runs})"


def comparison_object(comparison: Comparison) -> dict[str, object]:
    """One element of `results`."""
    found: dict[str, object] = {"file": comparison.file, "scenario": comparison.scenario, "case": comparison.case}
    found["holds"] = comparison.holds
    found["lines"] = [{**_line(line), "speed_up": comparison.speed_up(line)} for line in comparison.lines]
    found["left_out"] = [{"way": one.way, "python": one.python, "why": one.why} for one in comparison.left_out]
    return found


def _line(line: Line) -> dict[str, object]:
    return {
        "way": line.way,
        "python": line.python,
        "run": line.run,
        "explored": line.explored,
        "found": list(line.found),
        "why": line.why,
        "wall": line.wall,
        "cpu": line.cpu,
        "meant": line.meant,
        "outcomes": [{"values": dict(seen.values), "end": seen.end, "runs": seen.runs} for seen in line.outcomes],
    }
