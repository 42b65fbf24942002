"""The functions that expression source calls instead of operators and built-ins that could exhaust the machine.

Sizes are bounded (integers by bits, sequences by length, nesting by the number of nodes it unfolds to);
what goes past a bound raises OverflowError, like any exception of the scenario's own. Work is bounded
only where nothing watches the evaluation: a `Bounds` with fuel counts the elements it hands out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

MAX_BITS = 10_000
"""Integers: about 3,000 digits, fewer than Python refuses to print."""

MAX_LENGTH = 1_000_000
"""Items of a sequence, characters of a text."""

MAX_NODES = 1_000_000
"""Values inside a nested container, counting a shared part as often as it can be reached."""

MAX_EQUAL_HASHES = 200
"""Different values of one set or dict that have the same hash."""

LONGEST = 10.0
"""Seconds of one evaluation that nothing watches."""

MAX_READABLE = 10 * MAX_LENGTH
"""Characters of a container as text."""

SCALARS = frozenset({int, float, bool, str, type(None)})
_TEXTS = (str, bytes)
_SEQUENCES = (str, bytes, list, tuple)
_CONTAINERS = (list, tuple, dict, set)


def _fits(length: int) -> None:
    if length > MAX_LENGTH:
        raise OverflowError(f"longer than {MAX_LENGTH} items")


def _int_fits(bits: int) -> None:
    if bits > MAX_BITS:
        raise OverflowError(f"an integer of more than {MAX_BITS} bits")


def add(left: Any, right: Any) -> Any:
    """`left + right`, where both may be sequences."""
    if isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        _fits(len(left) + len(right))
    result = left + right
    if type(result) is int:
        _int_fits(result.bit_length())
    return result


def iadd(left: Any, right: Any) -> Any:
    """`left += right`: a list is extended in place."""
    if isinstance(left, _SEQUENCES):
        if isinstance(left, list):
            right = list(right)
        _fits(len(left) + len(right))
        left += right
        return left
    return add(left, right)


def mul(left: Any, right: Any) -> Any:
    """`left * right`: an integer product or a repetition."""
    if isinstance(left, int) and isinstance(right, int):
        _int_fits(left.bit_length() + right.bit_length())
    elif isinstance(left, _SEQUENCES) and isinstance(right, int):
        _fits(len(left) * right)
    elif isinstance(right, _SEQUENCES) and isinstance(left, int):
        _fits(len(right) * left)
    return left * right


def power(left: Any, right: Any) -> Any:
    """`left ** right`."""
    if isinstance(left, int) and isinstance(right, int) and right > 0 and abs(left) > 1:
        _int_fits(left.bit_length() * right - right)
    return left**right


def shift(left: Any, right: Any) -> Any:
    """`left << right`."""
    if isinstance(left, int) and isinstance(right, int) and left and right > 0:
        _int_fits(left.bit_length() + right)
    return left << right


def mod(left: Any, right: Any) -> Any:
    """`left % right` of numbers: formatting with `%` is not part of the language (templates are)."""
    if isinstance(left, _TEXTS):
        raise TypeError("a text has no %: write a template, as in print: 'n is {n}'")
    return left % right


def limited_range(*args: Any) -> range:
    """`range(...)` of bounded length."""
    result = range(*args)
    _fits(len(result))
    return result


def limited_int(*args: Any) -> int:
    """`int(...)` of bounded size."""
    result = int(*args)
    _int_fits(result.bit_length())
    return result


def limited_round(number: Any, digits: Any = None) -> Any:
    """`round(number, digits)`: far digits would compute a huge power."""
    if isinstance(digits, int) and abs(digits) > MAX_BITS // 4:
        raise OverflowError("round: too many digits")
    return round(number, digits)


def text(value: Any) -> str:
    """`str(value)`."""
    return str(readable(value))


def shown(value: Any) -> str:
    """`repr(value)`."""
    return repr(readable(value))


def ascii_text(value: Any) -> str:
    """`ascii(value)`."""
    return ascii(readable(value))


def formatted(value: Any, form: str) -> str:
    """`format(value, form)`; widths are bounded where templates are read."""
    return format(readable(value), form)


def readable(value: Any) -> Any:
    """`value`, about to become a text: refused where its parts would make too long a one."""
    if type(value) not in SCALARS:
        _characters(value, {})
    return value


def _characters(value: object, known: dict[int, int]) -> int:
    """About how many characters a value takes as text."""
    if isinstance(value, _TEXTS):
        return len(value) + 2
    if not isinstance(value, _CONTAINERS):
        return value.bit_length() // 3 + 1 if isinstance(value, int) else 10
    key = id(value)
    if key not in known:
        known[key] = 5  # inside itself it is shown as `...`
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        size = 2 + sum(2 + _characters(part, known) for part in parts)
        if size > MAX_READABLE:
            raise OverflowError(f"a text of more than {MAX_READABLE} characters")
        known[key] = size
    return known[key]


def total(items: Iterable[Any], /, start: Any = 0) -> Any:
    """`sum(items, start)`: of lists it would copy all that came before for each one."""
    if type(start) in (list, tuple):
        return _concatenated(items, start)
    result = sum(items, start)
    if type(result) is int:
        _int_fits(result.bit_length())
    return result


def _concatenated(items: Iterable[Any], start: Any) -> Any:
    whole = list(start)
    for item in items:
        if type(item) is not type(start):
            return start + item  # in Python's own words
        _fits(len(whole) + len(item))
        whole.extend(item)
    return type(start)(whole)


def hashed(items: Iterable[Any] = ()) -> set[Any]:
    """`set(items)`."""
    return set(spread(items))


def mapped(items: Any = (), /, **named: Any) -> dict[Any, Any]:
    """`dict(items)`."""
    if isinstance(items, dict):
        return dict(items, **named)
    items = list(items)
    spread([item[0] for item in items if isinstance(item, list | tuple) and item])
    return dict(items, **named)


def spread(items: Iterable[Any]) -> Iterable[Any]:
    """`items`, about to be hashed all at once: refused where many that differ have one hash, which takes for ever."""
    if isinstance(items, set | dict | range | str):
        return items
    items = list(items)
    if len(items) > MAX_EQUAL_HASHES:
        for value, count in Counter(map(hash, items)).items():
            if count > MAX_EQUAL_HASHES:
                _few(item for item in items if hash(item) == value)
    return items


def _few(items: Iterable[Any]) -> None:
    different: list[Any] = []
    for item in items:
        if item not in different:
            different.append(item)
            if len(different) > MAX_EQUAL_HASHES:
                raise OverflowError(f"more than {MAX_EQUAL_HASHES} values with one hash")


def type_name(value: object) -> str:
    """The name of the value's type."""
    return type(value).__name__


def enumerated(items: Iterable[Any], start: int = 0) -> list[tuple[int, Any]]:
    return list(enumerate(items, start))


def zipped(*iterables: Iterable[Any], strict: bool = False) -> list[tuple[Any, ...]]:
    rows, size = [], 0
    for row in zip(*iterables, strict=strict):
        size += len(row)
        if size > 2 * MAX_LENGTH:
            _fits(size)
        rows.append(row)
    return rows


def reversed_list(items: Any) -> list[Any]:
    return list(reversed(items))


def method(value: Any, name: str, *args: Any, **keywords: Any) -> Any:
    """A method of list, dict, set or str whose result may be larger than its receiver and arguments."""
    if isinstance(value, _TEXTS):
        _fits(_text_growth(value, name, args))
    elif name == "fromkeys":
        args = (spread(args[0]), *args[1:]) if args else args
    elif name in ("extend", "update"):
        args = tuple(a if isinstance(a, _CONTAINERS) else list(a) for a in args)
        _fits(len(value) + sum(len(a) for a in args))
    return getattr(value, name)(*args, **keywords)


GROWING = frozenset(
    {"center", "ljust", "rjust", "zfill", "expandtabs", "replace", "join", "translate", "extend", "update", "fromkeys"}
)
"""The methods that go through `method`."""


def _text_growth(text: str | bytes, name: str, args: tuple[Any, ...]) -> int:
    first = args[0] if args else None
    match name:
        case "center" | "ljust" | "rjust" | "zfill":
            return first if isinstance(first, int) else 0
        case "expandtabs":
            return len(text) * (first if isinstance(first, int) else 8) + len(text)
        case "replace" if len(args) > 1 and isinstance(args[1], _TEXTS):
            return len(text) + _occurrences(text, first) * len(args[1])
        case "join" if isinstance(first, _CONTAINERS):
            return len(text) * len(first) + sum(len(part) for part in first if isinstance(part, _TEXTS))
        case "translate" if isinstance(first, dict):
            return len(text) * max((len(part) for part in first.values() if isinstance(part, str)), default=1)
        case _:
            return 0


def _occurrences(text: Any, part: Any) -> int:
    return int(text.count(part)) if isinstance(part, type(text)) else 0


def nested(value: Any) -> Any:
    """`value`, about to become an element of a container: refused where it would unfold to too many nodes."""
    if type(value) not in SCALARS:
        _nodes(value, {})
    return value


def _nodes(value: object, known: dict[int, int]) -> int:
    if not isinstance(value, _CONTAINERS):
        return 1
    key = id(value)
    if key not in known:
        known[key] = 1  # inside itself it counts once
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        total = 1 + sum(1 if type(part) in SCALARS else _nodes(part, known) for part in parts)
        if total > MAX_NODES:
            raise OverflowError(f"nested containers unfold to more than {MAX_NODES} values")
        known[key] = total
    return known[key]


def spliced(container: Any, items: Any) -> Any:
    """`items` for `container[i:j] = items`, bounded."""
    items = list(items)
    _fits(len(container) + len(items))
    return items


def each(items: Iterable[Any]) -> Iterable[Any]:
    """What a comprehension runs over."""
    return items


class Fuel:
    """Counts the elements that evaluations hand out; past `limit` they raise OverflowError.

    For evaluations that nothing watches: constants, claims and the explorer's local work. Elements that take
    far too long (keys whose hashes are equal) are given up after `LONGEST` seconds.
    """

    def __init__(self, limit: int = 2_000_000) -> None:
        self.limit = limit
        self.refill()

    def refill(self) -> None:
        self.left = self.limit
        self.until: float | None = None

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.burn(1)
            if not self.left & 1023:
                self._on_time()
            yield item

    def _on_time(self) -> None:
        now = time.monotonic()
        self.until = self.until or now + LONGEST
        if now > self.until:
            raise OverflowError(f"more than {LONGEST} seconds in one evaluation")

    def burn(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise OverflowError(f"more than {self.limit} elements in one evaluation")

    def mul(self, left: Any, right: Any) -> Any:
        result = mul(left, right)
        if isinstance(result, _SEQUENCES):
            self.burn(len(result))
        return result

    def range(self, *args: Any) -> range:
        result = limited_range(*args)
        self.burn(len(result))
        return result


NAMESPACE: dict[str, Callable[..., Any] | float] = {
    "_add": add, "_iadd": iadd, "_mul": mul, "_pow": power, "_shl": shift, "_mod": mod,
    "_method": method, "_nested": nested, "_spliced": spliced, "_each": each, "_range": limited_range,
    "_int": limited_int, "_round": limited_round, "_enumerate": enumerated, "_zip": zipped,
    "_reversed": reversed_list, "_type_name": type_name, "_inf": float("inf"), "_nan": float("nan"),
    "_len": len, "_min": min, "_max": max, "_sum": total, "_sorted": sorted, "_abs": abs, "_divmod": divmod,
    "_any": any, "_all": all, "_float": float, "_str": text, "_bool": bool, "_list": list, "_tuple": tuple,
    "_dict": mapped, "_set": hashed, "_repr": shown, "_ascii": ascii_text, "_format": formatted,
}  # fmt: skip
"""The globals of expression source."""


def fuelled(fuel: Fuel) -> dict[str, Any]:
    """`NAMESPACE` whose work is bounded by `fuel`."""
    return {**NAMESPACE, "_each": fuel.each, "_mul": fuel.mul, "_range": fuel.range}
