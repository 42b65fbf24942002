"""All rules over the programs of a file; a comment in the file silences them line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from scenario.diagnostics import Diagnostic, Page, register
from scenario.language.runtimes import Runtime
from scenario.lint.facts import Facts
from scenario.lint.rules import (
    barrier_parties,
    callback_lock,
    changed_after,
    common_lock,
    condition_if,
    interrupting,
    lock_held,
    lock_order,
    never_completed,
    never_evaluated,
    never_started,
    notify_unlocked,
    release_unheld,
    sleep_order,
    stale_check,
    unused,
)
from scenario.program.evaluate import DEADLINE, ROOM
from scenario.program.program import Program
from scenario.source import Source

Check: TypeAlias = Callable[[Facts], Iterator[Diagnostic]]

MODULES = (never_started, lock_held, release_unheld, lock_order, notify_unlocked, condition_if, barrier_parties,
           common_lock, unused, never_evaluated, stale_check, sleep_order, interrupting, never_completed,
           callback_lock, changed_after)  # fmt: skip
RULES: tuple[Page, ...] = tuple(module.PAGE for module in MODULES)
_ANYWHERE = (lock_order, common_lock, stale_check, sleep_order)
"""What rests on this, that another may come in between any two steps: between two tasks that is so at an `await` only."""
_CHECKS: Mapping[Runtime, tuple[Check, ...]] = {
    "threading": tuple(module.check for module in MODULES),
    "asyncio": tuple(module.check for module in MODULES if module not in _ANYWHERE),
    "multiprocessing": tuple(module.check for module in MODULES),
}
register(*RULES)
EVERY_CASE = frozenset({unused.PAGE.code, never_evaluated.PAGE.code})
_IGNORE = r"#\s*scenario:\s*ignore\b((?:[\s,]+SC\d{3}\b)*)"


def warnings(programs: Iterable[Program], source: Source, ignore: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """What the rules say of a file, in its order, each once; `ignore` holds codes that nobody wants to hear.

    A file has one program a case: what is unused or never evaluated has to be so in each of them. Of a file for threads too it
    is those that are looked at.
    """
    given = tuple(programs)
    threaded = tuple(program for program in given if program.runtime == "threading")
    found: Counter[Diagnostic] = Counter()
    count = 0
    for program in threaded or given:
        ROOM.look()
        facts = Facts(program)
        count += 1
        for check in _CHECKS[program.runtime]:
            DEADLINE.look()
            found.update(set(check(facts)))
    kept = [
        item
        for item, times in found.items()
        if item.code not in ignore and (times == count or item.code not in EVERY_CASE) and not _ignored(item, source)
    ]
    return tuple(sorted(kept, key=lambda item: (item.span, item.code, item.message)))


def _ignored(found: Diagnostic, source: Source) -> bool:
    """Whether a comment on the line, or alone on the lines above it, says that nobody wants to hear it."""
    if "scenario:" not in source.text:
        return False
    line = found.span.line
    comments = [source.line(line)]
    while line > 1 and source.line(line - 1).lstrip().startswith("#"):
        line -= 1
        comments.append(source.line(line))
    for text in comments:
        comment = re.search(_IGNORE, text)
        codes = re.findall(r"SC\d{3}", comment.group(1)) if comment else ()
        if comment is not None and (not codes or found.code in codes):
            return True
    return False
