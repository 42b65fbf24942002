"""Patterns of livelocks: what the threads do again and again."""

from __future__ import annotations

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.run.result import Evidence


def _polling(evidence: Evidence) -> Pattern | None:
    """Looking again and again at what nobody changes, or changing it back and forth."""
    schedule = evidence.schedule
    if schedule is None or schedule.cycle is None:
        return None
    round_ = schedule.moves[schedule.cycle :]
    reads = {name for move in round_ for name in move.reads}
    if not reads:
        return None
    names, threads = listed(reads), sorted({move.thread for move in round_})
    keep, them = ("keeps", "it") if len(threads) == 1 else ("keep", "them")
    written = {name for move in round_ for name in move.writes} & reads
    if written and len(threads) > 1:
        sentence = f"{listed(threads)} {keep} answering each other's changes of {listed(written)}, and none gets on"
        return Pattern("livelock", sentence)
    never = "and nothing changes for good" if written else f"and nobody else changes what would let {them} go on"
    return Pattern("livelock by polling", f"{listed(threads)} {keep} looking at {names}, {never}")


def _in_each_others_way(evidence: Evidence) -> Pattern | None:
    """Locks that are taken and given back, and no thread gets all that it needs."""
    schedule = evidence.schedule
    if schedule is None or schedule.cycle is None:
        return None
    round_ = schedule.moves[schedule.cycle :]
    taken = {m.action.removeprefix("acquire ") for m in round_ if m.action.startswith("acquire ")}
    threads = {move.thread for move in round_}
    if not taken or len(threads) < 2:
        return None
    return Pattern(
        "livelock", f"{listed(threads)} take and give back {listed(taken)} again and again, each in another's way"
    )


ROUNDS: tuple[Finder, ...] = (_polling, _in_each_others_way)
