"""Containers that are made or filled."""

from __future__ import annotations

import builtins
import operator
from collections import Counter
from collections.abc import Iterable, Reversible, Sized
from typing import Any, TypeVar

from scenario.program.bounded.limits import (
    CONTAINERS,
    MAX_DEPTH,
    MAX_EQUAL_HASHES,
    MAX_LENGTH,
    MAX_NODES,
    SCALARS,
    fits,
    int_fits,
    refuse,
)
from scenario.program.bounded.sets import Set

T = TypeVar("T")


def total(*args: Any, **start: object) -> object:
    """`sum(items, start)`: of lists it would copy all that came before for each one."""
    begin = start.get("start", args[1] if len(args) > 1 else 0)
    if args and isinstance(begin, list | tuple) and type(begin) in (list, tuple):
        return _concatenated(args[0], begin)
    result = sum(*args, **start)
    if type(result) is int:
        int_fits(result.bit_length())
    return result


def _concatenated(items: Iterable[object], start: list[object] | tuple[object, ...]) -> object:
    whole = list(start)
    for item in items:
        if type(item) is not type(start):
            return operator.add(start, item)  # in Python's own words
        fits(len(whole) + len(item))
        whole.extend(item)
    return type(start)(whole)


def hashed(*args: Iterable[object]) -> Set:
    """`set(items)`."""
    return Set(*map(spread, args))


def mapped(*args: Any, **named: object) -> dict[object, object]:
    """`dict(items, name=value)`."""
    if len(args) == 1 and not isinstance(args[0], dict):
        items = list(args[0])
        spread([item[0] for item in items if isinstance(item, list | tuple) and item])
        args = (items,)
    return dict(*args, **named)


def spread(items: Iterable[object]) -> Iterable[object]:
    """`items`, about to be hashed all at once: refused where many that differ have one hash, which takes for ever."""
    if isinstance(items, builtins.set | dict | range | str):
        return items
    items = list(items)
    if len(items) > MAX_EQUAL_HASHES:
        for value, count in Counter(map(hash, items)).items():
            if count > MAX_EQUAL_HASHES:
                _few(item for item in items if hash(item) == value)
    return items


def _few(items: Iterable[object]) -> None:
    different: list[object] = []
    for item in items:
        if item not in different:
            different.append(item)
            if len(different) > MAX_EQUAL_HASHES:
                refuse(f"more than {MAX_EQUAL_HASHES} values with one hash")


def enumerated(*args: Any, **start: Any) -> list[tuple[int, object]]:
    return list(enumerate(*args, **start))


def zipped(*iterables: Iterable[object], strict: bool = False) -> list[tuple[object, ...]]:
    rows, size = [], 0
    for row in zip(*iterables, strict=strict):
        size += len(row)
        if size > 2 * MAX_LENGTH:
            fits(size)
        rows.append(row)
    return rows


def reversed_list(*args: Reversible[object]) -> list[object]:
    return list(reversed(*args))


def nested(value: T) -> T:
    """`value`, about to become an element of a container: refused where it would unfold to too many nodes."""
    if type(value) not in SCALARS:
        _nodes(value, {}, 0)
    return value


def tupled(*args: Iterable[object]) -> tuple[object, ...]:
    """`tuple(items)`: hashing it goes through all of it."""
    return nested(tuple(*args))


def unfolds(*sequences: Iterable[object]) -> None:
    """Refuses sequences that together would unfold to too many nodes."""
    inner: list[object] = [part for parts in sequences for part in parts if type(part) not in SCALARS]
    if inner:
        known: dict[int, int] = {}
        _bounded(sum(_nodes(part, known, 1) for part in inner))


def _bounded(nodes: int) -> None:
    if nodes > MAX_NODES:
        refuse(f"nested containers unfold to more than {MAX_NODES} values")


def _nodes(value: object, known: dict[int, int], depth: int) -> int:
    if not isinstance(value, CONTAINERS):
        return 1
    if depth > MAX_DEPTH:
        refuse(f"containers in containers, more than {MAX_DEPTH} deep")
    key = id(value)
    if key not in known:
        known[key] = 1  # inside itself it counts once
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        total = 1 + sum(1 if type(part) in SCALARS else _nodes(part, known, depth + 1) for part in parts)
        _bounded(total)
        known[key] = total
    return known[key]


def spliced(container: Sized, items: object) -> object:
    """`items` for `container[i:j] = items`, bounded."""
    if isinstance(items, Iterable):  # else Python refuses it in its own words
        items = list(items)
        fits(len(container) + len(items))
    return items
