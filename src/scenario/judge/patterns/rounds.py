"""Patterns of livelocks: what the threads do again and again."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.judge.patterns.history import History, changes, looks
from scenario.results.schedule import Move


def _round(history: History) -> range:
    """The moves of the round."""
    cycle = history.evidence.schedule.cycle if history.evidence.schedule else None
    return range(len(history.moves) if cycle is None else cycle, len(history.moves))


def _trying(history: History) -> Pattern | None:
    """One only tries to get a lock, and each time another has it, who never has to wait for the first."""
    tries = [tried for number in _round(history) if (tried := _tries(history, number)) is not None]
    holders = {(thread, holder) for thread, _, holder in tries}
    for thread, lock, holder in tries:
        if (holder, thread) not in holders:
            return Pattern(
                "trying in vain",
                f"{thread} tries to get {lock} again and again, and each time {holder} has it, who gives it back and takes it "
                "again in between: an `acquire` that waits would get it",
            )
    return None


def _tries(history: History, number: int) -> tuple[str, str, str] | None:
    """Who tries in vain to get which lock, and who has it."""
    move = history.moves[number]
    if move.operation != "acquire" or move.way not in ("fails", "timeout"):
        return None
    holder = history.holder(move.lock, number)
    return None if holder in (None, move.thread) else (move.thread, move.object, holder or "")


def _changes(move: Move, name: str, watcher: str) -> bool:
    """Whether another than the watcher changes it."""
    return name in changes(move) and move.thread != watcher


def _answering(threads: set[str], watched: set[tuple[str, str]], moves: Sequence[Move]) -> str:
    """Each changes what others look at, or some only look."""
    names = {name for _, name in watched}
    watchers = {thread for thread, _ in watched}
    changers = {move.thread for move in moves if names & set(changes(move))}
    if watchers == changers == threads:
        return f"{listed(threads)} keep answering each other's changes of {listed(names)}, and none gets on"
    sees, makes = ("keeps" if len(some) == 1 else "keep" for some in (watchers, changers))
    return f"{listed(watchers)} {sees} looking at {listed(names)}, which {listed(changers)} {makes} changing, and none gets on"


def _polling(history: History) -> Pattern | None:
    """Looking again and again at what nobody changes, or changing it back and forth."""
    moves = [history.moves[i] for i in _round(history)]
    seen = {(move.thread, name) for move in moves if move.tested or move.operation == "await" for name in looks(move)}
    if not seen:
        return None
    threads, names = {move.thread for move in moves}, {name for _, name in seen}
    watched = {(thread, name) for thread, name in seen if any(_changes(move, name, thread) for move in moves)}
    if watched:
        return Pattern("livelock", _answering(threads, watched, moves))
    keep, them = ("keeps", "it") if len(threads) == 1 else ("keep", "them")
    written = any(names & changes(move) for move in moves)
    never = "and nothing changes for good" if written else f"and nobody else changes what would let {them} go on"
    return Pattern("livelock by polling", f"{listed(threads)} {keep} looking at {listed(names)}, {never}")


def _in_each_others_way(history: History) -> Pattern | None:
    """Locks that are taken and given back, and no thread gets all that it needs."""
    moves = [history.moves[i] for i in _round(history)]
    taken = {move.object for move in moves if move.operation == "acquire" and move.way == "ok"}
    threads = {move.thread for move in moves}
    if not taken or len(threads) < 2:
        return None
    return Pattern(
        "livelock", f"{listed(threads)} take and give back {listed(taken)} again and again, each in another's way"
    )


ROUNDS: tuple[Finder, ...] = (_trying, _polling, _in_each_others_way)
"""The surest first."""
