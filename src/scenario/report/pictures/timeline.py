"""A schedule as columns, one a thread, with letters for what each holds: as wide as the terminal is.

A letter stands for a lock or a place of a semaphore, in the columns of who has it, from the step that took it until it is given back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from string import ascii_letters

from scenario.record import record
from scenario.report.cells import cut, padded, wrapped
from scenario.report.lanes import INDENT, WIDTH, Gap, folded, lanes, rest
from scenario.report.style import Style
from scenario.report.words.moves import rows
from scenario.report.words.waits import words
from scenario.results.holding import Held, held
from scenario.results.schedule import Move, Schedule
from scenario.results.waiting import Blocked, of_a_picture

NARROWEST = 8
"""Characters of a step that a column has at least."""
BEFORE = len("step  line  ")


@record
class _Table:
    """The threads in the order in which they come up, each one's width, and what letter each lock has."""

    threads: tuple[str, ...]
    width: int
    letters: Mapping[str, str]
    most: int
    style: Style

    def marks(self, locks: Iterable[str]) -> str:
        """The letters of what is held, each once and in its own place, as wide as the most that anybody holds."""
        held_now = [self._painted(lock) for lock in dict.fromkeys(locks)]
        return "".join(held_now) + " " * (self.most - len(held_now))

    def _painted(self, lock: str) -> str:
        return self.style.letter(self.letters[lock], [*self.letters].index(lock))


def timeline(schedule: Schedule, blocked: Sequence[Blocked], style: Style) -> list[str]:
    """The lines; as a list, with a word on it, where the threads are too many for the width, or what they hold for the letters."""
    moves = schedule.moves
    blocked = of_a_picture(blocked, {move.thread for move in moves})
    holding = held(moves)
    table = _table(moves, holding, blocked, style)
    if isinstance(table, str):
        return [style.dim(f"({table})"), *lanes(schedule, style)]
    lines = [*_head(table, style)]
    for item in range(len(moves)) if style.full else folded(moves, schedule.cycle):
        if isinstance(item, Gap):
            lines.append(f"   …  ({item.count:,} steps)")
            continue
        if item == schedule.cycle:
            lines.append("--- from here on, again and again ---")
        lines += _lines(item, moves[item], holding[item], table)
    last: Held = holding[-1] if holding else {}
    return [*lines, *rest(schedule, style), *_ends(blocked, last, table)]


def _table(moves: Sequence[Move], holding: Sequence[Held], blocked: Sequence[Blocked], style: Style) -> _Table | str:
    """It, or why there is none."""
    told = chain((row.thread for move in moves for row in rows(move)), (one.thread for one in blocked))
    threads = tuple(dict.fromkeys(told))
    locks = tuple(dict.fromkeys(lock for now in holding for mine in now.values() for lock in mine))
    room = (style.width or WIDTH) - BEFORE - INDENT
    width = room // max(len(threads), 1) - 1
    most = max((len(set(mine)) for now in holding for mine in now.values()), default=0)
    if len(locks) > len(ascii_letters):
        return f"no lanes: there are {len(locks)} locks and {len(ascii_letters)} letters"
    if width - most - 1 < NARROWEST:
        return (
            f"no lanes: {len(threads)} threads need {BEFORE + INDENT + len(threads) * (NARROWEST + most + 2)} columns"
        )
    upper = ascii_letters[26:] + ascii_letters[:26]
    return _Table(threads, width, dict(zip(locks, upper, strict=False)), most, style)


def _head(table: _Table, style: Style) -> Iterator[str]:
    for number, (lock, letter) in enumerate(table.letters.items()):
        yield f"{'held:' if number == 0 else '':>5} {style.letter(letter, number)} {lock}"
    names = " ".join(padded(cut(thread, table.width), table.width) for thread in table.threads)
    yield style.bold(f"step  line  {names}".rstrip())


def _lines(number: int, move: Move, holding: Held, table: _Table) -> Iterator[str]:
    for place, row in enumerate(rows(move)):
        before = f"{number + 1 if place == 0 else '':>4}  {row.line if row.line > 1 else '':>4}  "
        yield from _said(before, {row.thread: row.text}, holding, table)


def _ends(blocked: Sequence[Blocked], holding: Held, table: _Table) -> Iterator[str]:
    """What each waits for in the end, all beside one another."""
    if blocked:
        waits = {one.thread: f"waits for {words(one.wait)}" for one in blocked}
        yield from _said(" " * BEFORE, waits, holding, table)


def _said(before: str, texts: Mapping[str, str], holding: Held, table: _Table) -> Iterator[str]:
    """One line, or as many as the longest text takes in its column."""
    room = table.width - table.most - 1
    lines = {thread: wrapped(text, room) for thread, text in texts.items()}
    for height in range(max(map(len, lines.values()), default=0)):
        cells = (_cell(lines.get(thread, []), height, holding.get(thread, ()), table) for thread in table.threads)
        yield f"{before if height == 0 else ' ' * BEFORE}{' '.join(cells)}".rstrip()


def _cell(lines: Sequence[str], height: int, locks: Sequence[str], table: _Table) -> str:
    text = lines[height] if height < len(lines) else ""
    return f"{table.marks(locks)} {padded(text, table.width - table.most - 1)}"
