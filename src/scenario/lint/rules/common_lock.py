"""Shared data that threads touch with no lock in common."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Diagnostic, Page
from scenario.lint.access import Access
from scenario.lint.checks import looked_again
from scenario.lint.facts import Facts
from scenario.lint.objects import LockKey
from scenario.lint.races import MOST, Numbered, in_common, locks, one_step, others, section, watched
from scenario.lint.roots import Root
from scenario.lint.rules.stale_check import late
from scenario.source import Span

PAGE = Page(
    "SC408",
    "no-common-lock",
    "Several threads use a shared variable with no lock in common, and nothing else orders them.",
    "`counter += 1` is a read, then a write; another thread's update in between is lost. A lock helps only if everyone "
    "who uses the variable holds that same lock.\n\n"
    "The rule is Eraser's lockset, made quiet: it says nothing of what is read only, done before a thread starts or "
    "after it is joined, in an `atomic` block, one step by itself (`results.append(x)`, `done = True` where no lock "
    "is used for it), in elements that each thread has for itself, or where an event, queue, barrier, condition, future "
    "or a flag that is waited for may order the threads.",
    "vars: {counter: 0}\nthreads:\n  A:\n    count: 2\n    steps:\n      - counter += 1\n",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    count: 2\n    steps:\n      - with: lock\n"
    "        do:\n          - counter += 1\n",
)

HINT = "hold a lock around it, or write `atomic:` if it is meant to be one step"


def check(facts: Facts) -> Iterator[Diagnostic]:
    if facts.shows_a_bug:
        return
    for name, accesses in facts.shared.items():
        if len(accesses) <= MOST and not watched(facts, name):
            found: dict[Span, Diagnostic] = {}
            for mine in accesses:
                for at, message in _updates(facts, mine):
                    found.setdefault(at.visit.op.span, _warning(at, message))
            for mine in sorted(accesses, key=lambda one: not one[1].writes):  # what reads and writes is said to write
                for at, message in _touches(facts, mine):
                    found.setdefault(at.visit.op.span, _warning(at, message))
            yield from found.values()


def _warning(at: Access, message: str) -> Diagnostic:
    return Diagnostic(PAGE.code, message, at.visit.op.span, HINT, "warning")


def _updates(facts: Facts, mine: Numbered) -> Iterator[tuple[Access, str]]:
    """A read and a write of one thread, between which another one may write."""
    number, access = mine
    reads = access.updates
    if not access.writes or access.once or not reads or all(one_step(read, access) for read in reads):
        return
    held = frozenset.intersection(*(section(facts, number, read, access) for read in reads))
    if not held and any(locks(facts, number, one.visit) for one in (access, *reads)):
        return  # the read is out of date before the write: that is SC411
    if looked_again(facts, mine) or late(facts, mine) is not None:
        return
    name = access.place.name
    for other, theirs in others(facts, mine):
        if not _may_lose(access, theirs) or not facts.order.apart(mine, (other, theirs)):
            continue
        has = locks(facts, other, theirs.visit)
        if in_common(held, has):
            continue
        line = theirs.visit.op.span.line
        if not held:
            yield access, f"another thread's update of `{name}` may be lost here{_but(has, line)}"
        elif not has:
            yield theirs, _without(name, "changed", held, access)
        else:
            yield access, f"`{name}` is updated under `{_any(held)}` here, and under `{_any(has)}` in line {line}"


def _may_lose(mine: Access, theirs: Access) -> bool:
    """Whether a write may overwrite another's: not if the other's gave the name an object that this one has not loaded."""
    return theirs.writes and (mine.rebinds or not theirs.rebinds)


def _touches(facts: Facts, mine: Numbered) -> Iterator[tuple[Access, str]]:
    """An access without a lock that another thread holds for the same variable."""
    number, access = mine
    held = locks(facts, number, access.visit)
    if access.visit.atomic is not None:
        return
    root = facts.roots[number]
    if not access.writes and (_is_looked_at(root, access) or _is_double_checked(root, access)):
        return
    for other, theirs in others(facts, mine):
        has = locks(facts, other, theirs.visit)
        if not has or in_common(held, has) or theirs.visit.op is access.visit.op:
            continue  # (one step of a routine is one step, with and without the lock)
        if not theirs.writes and not (access.writes and _is_looked_at_twice(facts, (other, theirs))):
            continue  # what is only read under the lock may be so by accident
        if _has_closed_it(facts, mine, (other, theirs)):
            continue
        if (not held or access.visit.op.span > theirs.visit.op.span) and facts.order.apart(mine, (other, theirs)):
            name, verb = access.place.name, "written" if access.writes else "read"
            if held:
                line = theirs.visit.op.span.line
                yield (
                    access,
                    f"`{name}` is {verb} under `{_any(held)}` here, and written under `{_any(has)}` in line {line}",
                )
            else:
                yield access, _without(name, verb, has, theirs)


def _has_closed_it(facts: Facts, mine: Numbered, other: Numbered) -> bool:
    """Whether the other changes it only after a look at a flag under a lock, and this thread has set it under that lock before."""
    number, theirs = other
    root, own = facts.roots[number], facts.roots[mine[0]]
    looks = [
        look
        for at in theirs.visit.controls
        for look in root.accesses.tests.get(at, ())
        if theirs.writes and section(facts, number, look, theirs)
    ]
    closing = [one for one in own.accesses.all if one.writes and one.at < mine[1].at and not one.sources]
    return any(
        one.place.alike(look.place)
        and one.visit.frame == mine[1].visit.frame
        and not one.visit.controls
        and bool(section(facts, number, look, theirs) & locks(facts, mine[0], one.visit))
        for look in looks
        for one in closing
    )


def _is_looked_at_twice(facts: Facts, mine: Numbered) -> bool:
    """Whether a test under the lock looks at it, and what it decides about, under the lock still, uses it again."""
    number, look = mine
    root = facts.roots[number]
    tests = [at for at, reads in root.accesses.tests.items() if look in reads]
    return any(
        one is not look
        and one.place.alike(look.place)
        and any(at in one.visit.controls for at in tests)
        and section(facts, number, look, one)
        for one in root.accesses.all
    )


def _is_double_checked(root: Root, read: Access) -> bool:
    """Whether the thread makes it first if it finds it missing: a look, then a look and the write under the lock."""
    writes = [one for one in root.accesses.all if one.writes and one.place.alike(read.place) and one.at < read.at]
    return any(
        sum(any(test.place.alike(read.place) for test in root.accesses.tests.get(at, ())) for at in one.visit.controls)
        > 1
        for one in writes
    )


def _is_looked_at(root: Root, read: Access) -> bool:
    """Whether a test looks at it, or has before: a flag, or a look before the one under the lock, is a good pattern."""
    tests = root.accesses.tests
    return any(read in reads for reads in tests.values()) or any(
        one.place.alike(read.place) for at in read.visit.controls for one in tests.get(at, ())
    )


def _without(name: str, verb: str, has: frozenset[LockKey], where: Access) -> str:
    return f"`{name}` is {verb} here without `{_any(has)}`, which line {where.visit.op.span.line} holds for it"


def _but(has: frozenset[LockKey], line: int) -> str:
    return f" (line {line} holds `{_any(has)}` for it)" if has else ""


def _any(keys: frozenset[LockKey]) -> str:
    return min(map(str, keys))
