"""What fits where the cursor stands: told from the line before it and from what is known of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from scenario.compile.names.scope import FUNCTIONS, WORDS
from scenario.editor.wire import Facts, Named
from scenario.language.primitives import KINDS
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.record import record
from scenario.spec import manual
from scenario.spec.steps import VERBS as MODELS

What: TypeAlias = Literal["verb", "modifier", "name", "kind", "function", "key"]

_STEP = re.compile(r"^\s*-\s+[\"']?\{?\s*(\w*)$")
_VALUE = re.compile(r"(?:^|[\s{,-])([a-z_]+):\s+[\"'\[]?(?:[^:]*[^\w\-.])?([\w-]*)$")
_KEY = re.compile(r"^(\s+|.*\{\s*|.*,\s*)(\w*)$")
_TOP = re.compile(r"^([a-z]+):")
_ROUTINE = ("submit", "map", "call", "run", "action", "initializer")


@record
class Fit:
    """Something that may stand here. `about`: what an editor shows beside it; `then`: what is written behind it."""

    label: str
    what: What
    about: str = ""
    then: str = ""


def fitting(before: Sequence[str], line: str, facts: Facts) -> list[Fit]:
    """`before`: the lines above; `line`: this one up to the cursor."""
    number = len(before)
    section = _section([*before, line])
    if not line.strip() or (section == "" and not line.startswith(" ")):
        return (
            [Fit(key, "key", about, ": ") for key, (about, _) in manual.FILE.items()]
            if not line.startswith(" ")
            else list(_keys(before, line, section))
        )
    if _STEP.match(line) and section in ("threads", "main", "routines"):
        return [*_verbs(), *_names(facts, number, ("var", "local", "parameter"))]
    if value := _VALUE.search(line):
        if section == "primitives" and _is_kind(line, value[1]):
            return list(_kinds())
        return list(_values(value[1], facts, number))
    if section == "primitives" and re.match(r"^\s+\w+:\s*\{?\w*$", line):
        return list(_kinds())
    if _KEY.match(line) and (found := list(_keys(before, line, section))):
        return found
    return [*_names(facts, number), *_functions()]


def _section(lines: Sequence[str]) -> str:
    """The key of the file under which the last line stands."""
    for line in reversed(lines):
        if found := _TOP.match(line):
            return found[1]
    return ""


def _verbs() -> Iterator[Fit]:
    for verb, entry in VERBS.items():
        yield Fit(verb, "verb", entry.about, ": ")


def _is_kind(line: str, key: str) -> bool:
    """Whether the kind of a primitive stands behind this key, and not an argument of one."""
    return "{" not in line and len(line) - len(line.lstrip()) <= 2 and key not in KINDS


def _values(key: str, facts: Facts, line: int) -> Iterator[Fit]:
    """After `key: `."""
    if key in ("start", "join"):
        yield from _names(
            facts,
            line,
            ("thread", "timer", "Queue", "LifoQueue", "PriorityQueue") if key == "join" else ("thread", "timer"),
        )
        yield Fit("all", "name", "all threads")
    elif key in _ROUTINE:
        yield from _names(facts, line, ("routine", "python"))
    elif key in VERBS and VERBS[key].on:
        yield from _names(facts, line, VERBS[key].on)
    elif key in ("lock", "Condition"):
        yield from _names(facts, line, ("Lock", "RLock"))
    elif key == "to":
        yield from _names(facts, line, ("ThreadPoolExecutor", "ProcessPoolExecutor"))
    else:
        yield from _names(facts, line)
        yield from _functions()


def _kinds() -> Iterator[Fit]:
    for kind, entry in KINDS.items():
        yield Fit(kind, "kind", entry.about)


def _functions() -> Iterator[Fit]:
    for name in sorted(FUNCTIONS):
        yield Fit(name, "function", "", "(")
    for name in sorted(WORDS - {"main", "all"}):
        yield Fit(
            name,
            "name",
            {"name": "the thread's name", "index": "its number in its group"}.get(name, "the text of what was caught"),
        )


def _names(facts: Facts, line: int, kinds: Sequence[str] = ()) -> Iterator[Fit]:
    """Names of the file; locals only within their thread or routine."""
    for named in facts.names:
        if (not kinds or named.kind in kinds) and _reaches(named, line):
            yield Fit(named.name, "name", named.about)


def _reaches(named: Named, line: int) -> bool:
    return not named.scope or named.within[0] <= line <= named.within[1] + 1


def _keys(before: Sequence[str], line: str, section: str) -> Iterator[Fit]:
    """The keys of a thread, of a routine, of `expect`, or the modifiers of a step's verb."""
    if verb := _verb_of(before, line):
        for key in sorted(MODELS[verb].known_keys - {verb}):
            yield Fit(key, "modifier", MODIFIERS.get(key, ("", None))[0], ": ")
        return
    tables: Mapping[str, Mapping[str, manual.Entry]] = {
        "threads": manual.THREAD, "routines": manual.ROUTINE, "expect": manual.EXPECT, "explore": manual.EXPLORE,
    }  # fmt: skip
    for key, (about, _) in tables.get(section, {}).items():
        yield Fit(key, "key", about, ": ")


def _verb_of(before: Sequence[str], line: str) -> str:
    """The verb of the step that a line goes on with: on the line itself (`- {acquire: lock, `), or above, where it begins."""
    if (here := re.search(r"-\s*\{?\s*(\w+):", line)) and here[1] in MODELS:
        return here[1]
    deep = len(line) - len(line.lstrip())
    for above in reversed(before):
        if not above.strip():
            continue
        start = re.match(r"^(\s*)-\s+(\w+):", above)
        indent = len(above) - len(above.lstrip())
        if start and len(start[1]) + 2 == deep and start[2] in MODELS:
            return start[2]
        if indent < deep:
            return ""
    return ""
