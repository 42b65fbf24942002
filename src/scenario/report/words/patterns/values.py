"""Wrong values in words."""

from __future__ import annotations

from typing import assert_never

from scenario.results.patterns import values as facts


def value(pattern: facts.Values) -> str:
    match pattern:
        case facts.LostUpdate(thread, name, other):
            return (
                f"{thread} wrote {name} from a value that it had read before {other} wrote it: {other}'s update is lost"
            )
        case facts.ActedOnAnOldLook(thread, name, other, lock):
            tail = f": {lock} was given back in between, so look and act under it at once" if lock else ""
            return f"{thread} looked at {name}, and {other} changed it before {thread} acted on it{tail}"
        case facts.LookedLate(thread, name, other):
            return (
                f"{thread} changed {name} and looked at it later, and {other} changed it in between: change it and look at "
                "it in one step"
            )
        case facts.BothLooked((one, two), name):
            return (
                f"{one} and {two} both looked at {name} before either had changed it, and both went on: look and change it "
                "in one step"
            )
        case facts.BothRead((one, two), name):
            return (
                f"{one} and {two} both read {name} before either had changed it, and go on with the same value: read and "
                "change it in one step"
            )
        case facts.StaleValue(thread, name, other, lock):
            tail = f": {lock} was given back in between, so read and use it under it at once" if lock else ""
            return f"{thread} read {name}, and {other} changed it before {thread} used what it had read{tail}"
        case facts.ShortSection(thread, name, lock, other):
            return (
                f"{thread} wrote {name} with {lock}, gave {lock} back, and read {name} again after {other} had written it: "
                f"read it before giving {lock} back"
            )
        case facts.TornRead(thread, names, writer):
            return f"{thread} read {' and '.join(names)} while {writer} was between its writes"
        case facts.PollingWithALock(thread, name, lock):
            return f"{thread} looks at {name} again and again while it has {lock}: whoever needs that lock to change it can not"
        case facts.SpuriousWakeup(thread):
            return (
                f"{thread} went on although nobody had notified it: what it waits for must be looked at again after each "
                "wait (`while`, not `if`)"
            )
        case facts.IfForWhile(thread, name, other):
            return (
                f"{thread} was notified, {other} changed {name} before {thread} had the lock back, and it did not look "
                "again: wait in a `while`"
            )
        case _:
            assert_never(pattern)
