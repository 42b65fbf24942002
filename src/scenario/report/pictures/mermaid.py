"""A schedule as a Mermaid sequence diagram: threads and what they use as participants, a message a step.

The bar on a lock's line is the time that somebody has it. https://mermaid.js.org/syntax/sequenceDiagram.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from scenario.record import record
from scenario.report.lanes import Gap, folded
from scenario.report.words.moves import rows
from scenario.report.words.waits import words
from scenario.results.holding import Held, held
from scenario.results.schedule import Move, Schedule
from scenario.results.waiting import Blocked, of_a_picture

MOST = 8
"""Objects that have a line of their own; with more of them what is done stands beside the threads."""
LONGEST = 100
"""Characters of a message."""


@record
class _Cast:
    """The participants: each thread's and each object's name in the diagram."""

    threads: Mapping[str, str]
    objects: Mapping[str, str]

    def called(self, name: str) -> str | None:
        """Its name in the diagram, if it has a line there."""
        return self.threads.get(name) or self.objects.get(name)

    @property
    def all_threads(self) -> str:
        """Over which a note stands that is about all."""
        first, *more = self.threads.values()
        return f"{first},{more[-1]}" if more else first


def sequence_diagram(schedule: Schedule, blocked: Sequence[Blocked] = (), *, full: bool = False) -> Iterator[str]:
    """Its lines; steps are numbered as in the report, and a long schedule's middle is left out unless `full`."""
    moves = schedule.moves
    blocked = of_a_picture(blocked, {move.thread for move in moves})
    cast = _cast(moves, blocked)
    yield "sequenceDiagram"
    for name, called in (*cast.threads.items(), *cast.objects.items()):
        yield f"  participant {called} as {escaped(name)}"
    if not cast.threads:
        return
    yield from _steps(schedule, range(len(moves)) if full else folded(moves, schedule.cycle), cast)
    for one in blocked:
        yield f"  Note over {cast.threads[one.thread]}: waits for {escaped(words(one.wait))}"


def _cast(moves: Sequence[Move], blocked: Sequence[Blocked]) -> _Cast:
    threads = dict.fromkeys((*(row.thread for move in moves for row in rows(move)), *(one.thread for one in blocked)))
    objects = dict.fromkeys(name for move in moves if (name := _touched(move)) and name not in threads)
    kept = objects if len(objects) <= MOST else {}
    names = {name: f"p{number}" for number, name in enumerate((*threads, *kept))}
    return _Cast({name: names[name] for name in threads}, {name: names[name] for name in kept})


def _touched(move: Move) -> str:
    """The object that the step is on, a lock by its own name; of an access to variables the first; nothing if there is none."""
    return move.lock or move.object or next(iter((*move.writes, *move.reads)), "")


def _steps(schedule: Schedule, shown: Sequence[int | Gap], cast: _Cast) -> Iterator[str]:
    holding = held(schedule.moves)
    bars: frozenset[str] = frozenset()
    for item in shown:
        if isinstance(item, Gap):
            yield f"  Note over {cast.all_threads}: … {item.count} steps"
            continue
        if item == schedule.cycle:
            yield f"  Note over {cast.all_threads}: from here on, again and again"
        yield from (f"  {line}" for line in _messages(item, schedule.moves[item], cast))
        now = _had(holding[item]) & cast.objects.keys()
        yield from (f"  activate {cast.objects[name]}" for name in sorted(now - bars))
        yield from (f"  deactivate {cast.objects[name]}" for name in sorted(bars - now))
        bars = now


def _had(holding: Held) -> frozenset[str]:
    return frozenset(lock for locks in holding.values() for lock in locks)


def _messages(number: int, move: Move, cast: _Cast) -> Iterator[str]:
    on = _touched(move)
    to = cast.called(on) if on != move.thread else None
    for place, row in enumerate(rows(move)):
        text = escaped(f"{number + 1}. " * (place == 0) + row.text)
        thread = cast.threads[row.thread]
        yield f"{thread}->>{to}: {text}" if to is not None and place == 0 else f"Note over {thread}: {text}"


def escaped(text: str) -> str:
    """Text of a scenario that says nothing to Mermaid: what is no plain character is given by its code, `end` too."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    plain = re.sub(r"[^\w .,()\[\]=*/'?!>:+-]", lambda found: f"#{ord(found[0])};", cut)
    return re.sub(r"(?i)\bend\b", lambda found: f"#{ord(found[0][0])};{found[0][1:]}", plain)
