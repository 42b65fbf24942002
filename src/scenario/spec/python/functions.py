"""The functions of the language, and which arguments Python lets each take."""

from __future__ import annotations

from scenario.record import record


@record
class Signature:
    """Positional arguments, at least and at most (None: any number), and keywords."""

    at_least: int
    at_most: int | None
    keywords: frozenset[str] = frozenset()


def _takes(at_least: int, at_most: int | None, *keywords: str) -> Signature:
    return Signature(at_least, at_most, frozenset(keywords))


FUNCTIONS: dict[str, Signature] = {
    "len": _takes(1, 1),
    "min": _takes(1, None, "default"),
    "max": _takes(1, None, "default"),
    "sum": _takes(1, 2, "start"),
    "sorted": _takes(1, 1, "reverse"),
    "reversed": _takes(1, 1),
    "range": _takes(1, 3),
    "abs": _takes(1, 1),
    "round": _takes(1, 2, "ndigits"),
    "divmod": _takes(2, 2),
    "all": _takes(1, 1),
    "any": _takes(1, 1),
    "int": _takes(0, 2, "base"),
    "float": _takes(0, 1),
    "str": _takes(0, 1),
    "bool": _takes(0, 1),
    "list": _takes(0, 1),
    "tuple": _takes(0, 1),
    "dict": _takes(0, 1),
    "set": _takes(0, 1),
    "enumerate": _takes(1, 2, "start"),
    "zip": _takes(0, None, "strict"),
    "type_name": _takes(1, 1),
    "now": _takes(0, 0),
}

METHOD_KEYWORDS: dict[str, frozenset[str]] = {
    "split": frozenset({"sep", "maxsplit"}),
    "rsplit": frozenset({"sep", "maxsplit"}),
    "splitlines": frozenset({"keepends"}),
    "expandtabs": frozenset({"tabsize"}),
    "sort": frozenset({"reverse"}),
    "exception": frozenset(),
}
"""Keywords of methods; every other method takes none."""


def keyword_complaint(name: str, keywords: tuple[str, ...]) -> str | None:
    """Which keyword a function of the language does not take. An unknown name is not judged."""
    signature = FUNCTIONS.get(name)
    wrong = [k for k in keywords if signature is not None and name != "dict" and k not in signature.keywords]
    return f"`{name}` takes no argument `{wrong[0]}`" if wrong else None


def count_complaint(name: str, positional: int) -> str | None:
    """Too many or too few positional arguments of a known function: what Python answers with TypeError."""
    signature = FUNCTIONS.get(name)
    if signature is None:
        return None
    if positional < signature.at_least:
        return f"`{name}` takes at least {_count(signature.at_least)}"
    most = signature.at_most
    if most is not None and positional > most:
        return f"`{name}` takes at most {_count(most)}" if most else f"`{name}` takes no arguments"
    return None


def _count(number: int) -> str:
    return f"{number} argument{'' if number == 1 else 's'}"
