"""What goes on for ever, in words."""

from __future__ import annotations

from typing import assert_never

from scenario.report.words.patterns.waiting import listed
from scenario.report.words.waits import words as waits_for
from scenario.results.patterns import rounds as facts


def round_(pattern: facts.Rounds) -> str:
    match pattern:
        case facts.Starvation():
            return _starvation(pattern)
        case facts.TryingInVain(thread, lock, holder, gives_back):
            tries = f"{thread} tries to get {lock} again and again"
            if not gives_back:
                return f"{tries}, and {holder} has it all the time and never gives it back"
            return (
                f"{tries}, and each time {holder} has it, who gives it back and takes it again in between: an `acquire` "
                "that waits would get it"
            )
        case facts.Answering():
            return _answering(pattern)
        case facts.Polling(threads, names, changed):
            keep, them = ("keeps", "it") if len(threads) == 1 else ("keep", "them")
            never = (
                "and nothing changes for good" if changed else f"and nobody else changes what would let {them} go on"
            )
            return f"{listed(threads)} {keep} looking at {listed(names)}, {never}"
        case facts.InEachOthersWay(threads, locks):
            return f"{listed(threads)} take and give back {listed(locks)} again and again, each in another's way"
        case _:
            assert_never(pattern)


def _starvation(pattern: facts.Starvation) -> str:
    waits = f"{pattern.thread} waits for {waits_for(pattern.wait)}"
    if not pattern.takers:
        goes = "goes" if len(pattern.threads) == 1 else "go"
        return f"{waits}, and each time that it could go on {listed(pattern.threads)} {goes} on first"
    gives, takes = ("gives", "takes") if len(pattern.takers) == 1 else ("give", "take")
    again = f"{listed(pattern.takers)} {gives} it back and {takes} it again before {pattern.thread} gets it"
    return f"{waits}, and {again}, again and again: it goes to whoever is quickest"


def _answering(pattern: facts.Answering) -> str:
    """Each changes what others look at, or some only look."""
    watchers, changers, names = pattern.watchers, pattern.changers, listed(pattern.variables)
    if watchers == changers == pattern.threads:
        return f"{listed(watchers)} keep answering each other's changes of {names}, and none gets on"
    sees, makes = ("keeps" if len(some) == 1 else "keep" for some in (watchers, changers))
    return f"{listed(watchers)} {sees} looking at {names}, which {listed(changers)} {makes} changing, and none gets on"
