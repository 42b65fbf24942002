"""Patterns of livelocks: what the threads do again and again."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.judge.patterns.history import Finder, History, changes, looks
from scenario.results.patterns.rounds import Answering, InEachOthersWay, Polling, Starvation, TryingInVain
from scenario.results.schedule import Move


def _round(history: History) -> range:
    """The moves of the round."""
    cycle = history.evidence.schedule.cycle if history.evidence.schedule else None
    return range(len(history.moves) if cycle is None else cycle, len(history.moves))


def _starving(history: History) -> Starvation | None:
    """One waits for what others take, give back and take again before it gets it, or is slower each time it could go on."""
    if not history.evidence.blocked:
        return None
    one = history.evidence.blocked[0]
    moves = [history.moves[i] for i in _round(history)]
    takers, givers = (
        frozenset(move.thread for move in moves if move.lock == one.wait.name and move.operation == operation)
        for operation in ("acquire", "release")
    )
    threads = frozenset(move.thread for move in moves)
    return Starvation(one.thread, one.wait, threads, takers if takers == givers else frozenset())


def _trying(history: History) -> TryingInVain | None:
    """One only tries to get a lock, and each time another has it, who never has to wait for the first."""
    tries = [tried for number in _round(history) if (tried := _tries(history, number)) is not None]
    holders = {(thread, holder) for thread, _, holder in tries}
    if not tries or any((holder, thread) in holders for thread, holder in holders):
        return None  # some are in each other's way
    thread, lock, holder = tries[0]
    return TryingInVain(thread, lock, holder, gives_back=_gives_back(history, lock, holder))


def _gives_back(history: History, lock: str, holder: str) -> bool:
    moves = (history.moves[i] for i in _round(history))
    return any((move.thread, move.operation, move.object) == (holder, "release", lock) for move in moves)


def _tries(history: History, number: int) -> tuple[str, str, str] | None:
    """Who tries in vain to get which lock, and who has it."""
    move = history.moves[number]
    if move.operation != "acquire" or move.way not in ("fails", "timeout"):
        return None
    holder = history.holder(move.lock, number)
    return None if holder in (None, move.thread) else (move.thread, move.object, holder or "")


def _same(moves: Sequence[Move]) -> frozenset[str]:
    """The variables that are written in the round, and each time the same value: it is what they have all the time."""
    written: dict[str, set[str]] = {}
    for move in moves:
        for name in move.writes:
            told = [deed.value for deed in move.deeds if (deed.operation, deed.object) == ("write", name)]
            written.setdefault(name, set()).update(map(repr, told) if told else ("", "?"))
    return frozenset(name for name, values in written.items() if len(values) == 1)


def _polling(history: History) -> Answering | Polling | None:
    """Looking again and again at what nobody changes, or changing it back and forth."""
    moves = [history.moves[i] for i in _round(history)]
    seen = {(move.thread, name) for move in moves if move.tested or move.operation == "await" for name in looks(move)}
    if not seen:
        return None
    threads, names = frozenset(move.thread for move in moves), frozenset(name for _, name in seen)
    same = _same(moves)
    changed = [(move.thread, changes(move) - same) for move in moves]
    watched = {(me, name) for me, name in seen if any(name in what and by != me for by, what in changed)}
    if watched:
        names = frozenset(name for _, name in watched)
        changers = frozenset(by for by, what in changed if names & what)
        return Answering(frozenset(thread for thread, _ in watched), changers, names, threads)
    return Polling(threads, names, changed=any(names & what for _, what in changed))


def _in_each_others_way(history: History) -> InEachOthersWay | None:
    """Locks that are taken and given back, and no thread gets all that it needs."""
    moves = [history.moves[i] for i in _round(history)]
    taken = frozenset(move.object for move in moves if move.operation == "acquire" and move.way == "ok")
    threads = frozenset(move.thread for move in moves)
    return InEachOthersWay(threads, taken) if taken and len(threads) > 1 else None


ROUNDS: tuple[Finder, ...] = (_starving, _trying, _polling, _in_each_others_way)
"""The surest first."""
