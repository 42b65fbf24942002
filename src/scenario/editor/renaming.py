"""What a name may become, and what the text is then."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from scenario.compile.names.scope import FUNCTIONS, WORDS
from scenario.editor.text import Range
from scenario.editor.wire import Facts, Named


def refusal(named: Named, new: str, facts: Facts) -> str | None:
    """Why a name can not become that one, if so."""
    hyphens = named.kind in ("thread", "timer")
    if (
        not re.fullmatch(r"[^\W\d][\w-]*" if hyphens else r"[^\W\d]\w*", new)
        or keyword.iskeyword(new)
        or "__" in new[:2]
    ):
        return f"`{new}` is no name here"
    if new in FUNCTIONS or new in WORDS:
        return f"`{new}` is a word of the language"
    if not named.renames:
        return f"`{named.name}` stands somewhere where its place can not be told for sure"
    for other in facts.names:
        if other.name == new and (not other.scope or not named.scope or other.scope == named.scope):
            return f"`{new}` is {'a local of ' + other.scope if other.scope else 'taken'}"
    return None


def changed(text: str, places: Iterable[Range], new: str) -> str:
    """The text with the new name at these places (each within one line)."""
    parts = re.split(r"(\r\n|\n|\r)", text)
    for line, start, _, end in sorted(places, reverse=True):
        units = parts[2 * line].encode("utf-16-le", "surrogatepass")
        whole = units[: 2 * start] + new.encode("utf-16-le") + units[2 * end :]
        parts[2 * line] = whole.decode("utf-16-le", "surrogatepass")
    return "".join(parts)
