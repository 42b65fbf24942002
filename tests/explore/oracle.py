"""A naive interpreter of small programs, to hold the explorer against: plain recursion over all interleavings.

It shares nothing with the engine. A program is vars (all 0), primitives and bodies of nested tuples; `text`
writes it as a scenario, `outcomes` gives each row (final vars, end) its interleavings, probability and fewest
preemptions. A thread is what is left for it to do (a tuple of items), the value it read last, and whether it fails.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

VARS = ("x", "y")
LOCKS = ("a", "b", "c")  # `c` is a condition's
Rows = dict[tuple[tuple[int, ...], str | None], tuple[int, Fraction, int]]


def text(groups: list[tuple[int, tuple[Any, ...]]], prefix: str = "T") -> str:
    """The scenario of (count, body) groups."""
    lines = [
        "vars: {x: 0, y: 0}",
        "primitives: {a: Lock, b: Lock, l: Lock, c: {Condition: l}, s: {Semaphore: 1}, e: Event}",
        "threads:",
    ]
    for i, (count, body) in enumerate(groups):
        number = f"count: {count}, " if count > 1 else ""
        lines.append(f"  {prefix}{i}: {{{number}steps: [{_steps(body) or 'pass'}]}}")
    return "\n".join(lines) + "\n"


def _steps(body: tuple[Any, ...]) -> str:
    return ", ".join(map(_step, body))


def _step(item: tuple[Any, ...]) -> str:
    match item:
        case ("set", var, n):
            return f"{var} = {n}"
        case ("copy", var, other):
            return f"{var} = {other}"
        case ("add", var, n):
            return f"{var} += {n}"
        case ("acquire", lock):
            return f"{{acquire: {lock}}}"
        case ("release", lock):
            return f"{{release: {lock}}}"
        case ("with", lock, body):
            return f"{{with: {lock}, do: [{_steps(body)}]}}"
        case ("try", lock, timed, body):
            how = "timeout: 1" if timed else "blocking: false"
            return f"{{acquire: {lock}, {how}, into: ok}}, {{if: ok, then: [{_steps(body)}, {{release: {lock}}}]}}"
        case ("down",):
            return "{acquire: s}"
        case ("up",):
            return "{release: s}"
        case ("wait", timed):
            return "{wait: e, timeout: 1}" if timed else "{wait: e}"
        case ("pulse", value):
            return "{set: e}" if value else "{clear: e}"
        case ("sleep_on", timed):
            return f"{{with: c, do: [{{wait: c{', timeout: 1' if timed else ''}}}]}}"
        case ("notify", everyone):
            return f"{{with: c, do: [{{{'notify_all' if everyone else 'notify'}: c}}]}}"
        case ("if", var, n, then, orelse):
            return f"{{if: {var} == {n}, then: [{_steps(then) or 'pass'}], else: [{_steps(orelse) or 'pass'}]}}"
        case ("repeat", n, body):
            return f"{{repeat: {n}, do: [{_steps(body)}]}}"
        case ("while", var, n, body):
            return f"{{while: {var} != {n}, do: [{_steps(body) or 'pass'}]}}"
        case ("assert", var, n):
            return f"{{assert: {var} != {n}}}"
        case ("choose", var, n):
            return f"{{choose: {var}, from: {list(range(n))}}}"
        case ("atomic", body):
            return f"{{atomic: [{_steps(body)}]}}"
        case _:
            raise ValueError(item)


# --- what it means ------------------------------------------------------------------------------------

Shared = dict[str, Any]
Thread = tuple[tuple[Any, ...], int, bool]  # what is left, the value read last, whether it is on its way out by error
Ways = list[tuple[Fraction, Shared, Thread]]


def start(groups: list[tuple[int, tuple[Any, ...]]]) -> list[tuple[Fraction, Shared, tuple[Thread, ...]]]:
    shared: Shared = {"x": 0, "y": 0, "a": 0, "b": 0, "c": 0, "s": 1, "e": (False, ()), "q": (), "bad": "", "error": ""}
    states: list[tuple[Fraction, Shared, tuple[Thread, ...]]] = [(Fraction(1), shared, ())]
    for count, body in groups:
        for _ in range(count):
            states = [
                (p * share, after, (*threads, thread))
                for p, before, threads in states
                for share, after, thread in settle(before, (body, 0, False))
            ]
    return states


def settle(shared: Shared, thread: Thread) -> Ways:
    """All local work up to the next step: one way for each value chosen."""
    left, value, failing = thread
    if not left:
        return [(Fraction(1), {**shared, "error": "error"} if failing else shared, ((), 0, False))]
    item, rest = left[0], left[1:]
    if failing and item[0] != "leave":  # only what `with` must release is still done
        return settle(shared, (rest, value, True))
    match item:
        case ("set", var, n):
            return [(Fraction(1), shared, ((("write", var, n, False), *rest), value, failing))]
        case ("copy", var, other):
            return [(Fraction(1), shared, ((("read", other), ("write", var, 0, True), *rest), value, failing))]
        case ("add", var, n):
            return [(Fraction(1), shared, ((("read", var), ("write", var, n, True), *rest), value, failing))]
        case ("with", lock, body):
            return [(Fraction(1), shared, ((("acquire", lock), *body, ("leave", lock), *rest), value, failing))]
        case ("sleep_on", timed):
            return settle(shared, ((("with", "c", (("queue", timed),)), *rest), value, failing))
        case ("notify", everyone):
            return settle(shared, ((("with", "c", (("wake", everyone),)), *rest), value, failing))
        case ("repeat", n, body):
            return settle(shared, (body * n + rest, value, failing))
        case ("if", var, n, then, orelse):
            return [(Fraction(1), shared, ((("read", var), ("branch", n, then, orelse), *rest), value, failing))]
        case ("branch", n, then, orelse):
            return settle(shared, ((then if value == n else orelse) + rest, 0, failing))
        case ("while", var, n, body):
            return [(Fraction(1), shared, ((("read", var), ("again", n, body, item), *rest), value, failing))]
        case ("again", n, body, loop):
            return settle(shared, (rest if value == n else (*body, loop, *rest), 0, failing))
        case ("assert", var, n):
            return [(Fraction(1), shared, ((("read", var), ("check", n), *rest), value, failing))]
        case ("check", n):
            return settle({**shared, "bad": "assert"} if value == n else shared, (rest, 0, failing))
        case ("choose", var, n):
            return [(Fraction(1, n), shared, ((("write", var, i, False), *rest), value, failing)) for i in range(n)]
        case _:
            return [(Fraction(1), shared, thread)]


def alternatives(shared: Shared, me: int, thread: Thread) -> list[tuple[bool, Ways]]:
    """Of the thread's next step each alternative: whether it is a timeout, and the ways on."""
    left, value, failing = thread
    if not left:
        return []
    item, rest = left[0], left[1:]

    def go(changes: Shared, after: tuple[Any, ...] = rest, read: int = 0, fail: bool = failing) -> Ways:
        return settle({**shared, **changes}, (after, read, fail))

    match item:
        case ("read", var):
            return [(False, go({}, read=shared[var]))]
        case ("write", var, n, relative):
            return [(False, go({var: n + value if relative else n}))]
        case ("acquire", lock):
            return [] if shared[lock] else [(False, go({lock: 1}))]
        case ("release", lock) | ("leave", lock):
            return [(False, go({lock: 0}) if shared[lock] else go({}, fail=True))]
        case ("try", lock, timed, body):
            if not shared[lock]:
                return [(False, go({lock: 1}, (*body, ("release", lock), *rest)))]
            return [(timed, go({}))]
        case ("down",):
            return [(False, go({"s": shared["s"] - 1}))] if shared["s"] else []
        case ("up",):
            return [(False, go({"s": shared["s"] + 1}))]
        case ("wait", timed):
            is_set, queue = shared["e"]
            if is_set:
                return [(False, go({}))]
            return [(False, go({"e": (is_set, tuple(sorted((*queue, me))))}, (("waiting", timed), *rest)))]
        case ("waiting", timed):
            is_set, queue = shared["e"]
            if me not in queue:
                return [(False, go({}))]
            return [(True, go({"e": (is_set, tuple(n for n in queue if n != me))}))] if timed else []
        case ("pulse", on):
            return [(False, go({"e": (True, ()) if on else (False, shared["e"][1])}))]
        case ("queue", timed):
            return [(False, go({"c": 0, "q": (*shared["q"], me)}, (("queued", timed), *rest)))]
        case ("queued", timed) if me in shared["q"]:
            return [(True, go({}, (("back",), *rest)))] if timed else []
        case ("queued", _) | ("back",):
            return [] if shared["c"] else [(False, go({"c": 1, "q": tuple(n for n in shared["q"] if n != me)}))]
        case ("wake", everyone):
            if everyone or not shared["q"]:
                return [(False, go({"q": ()}))]
            return [(False, go({"q": tuple(n for n in shared["q"] if n != one)})) for one in shared["q"]]
        case ("atomic", body):
            ways: Ways = settle(shared, (body, 0, False))
            while any(t[0] for _, _, t in ways):
                ways = [
                    (p * share / len(options), s2, t2)
                    for p, s, t in ways
                    for options in ([w for _, w in alternatives(s, me, t)] if t[0] else [[(Fraction(1), s, t)]],)
                    for option in options
                    for share, s2, t2 in option
                ]
            return [(False, [(p * q, s2, t2) for p, s, _ in ways for q, s2, t2 in settle(s, (rest, 0, failing))])]
        case _:
            raise ValueError(item)


def outcomes(groups: list[tuple[int, tuple[Any, ...]]]) -> Rows:
    """Each row with its exact odds."""

    def unkey(shared: Any) -> Shared:
        return dict(shared)

    def key(shared: Shared) -> Any:
        return tuple(sorted(shared.items()))

    @cache
    def moves(shared: Any, threads: tuple[Thread, ...]) -> list[tuple[int, bool, list[tuple[Fraction, Any]]]]:
        """For each thread that can move: whether only by timeouts, and its (share, state) alternatives."""
        result = []
        for n, thread in enumerate(threads):
            if options := alternatives(unkey(shared), n, thread):
                after = [
                    (share / len(options), (key(s), (*threads[:n], t, *threads[n + 1 :])))
                    for _, ways in options
                    for share, s, t in ways
                ]
                result.append((n, all(timed for timed, _ in options), after))
        return result

    def row(shared: Any, threads: tuple[Thread, ...]) -> tuple[tuple[int, ...], str | None]:
        world = unkey(shared)
        stuck = "deadlock" if any(left for left, _, _ in threads) else ""
        return tuple(world[var] for var in VARS), stuck or world["error"] or world["bad"] or None

    @cache
    def odds(shared: Any, threads: tuple[Thread, ...]) -> dict[Any, tuple[int, Fraction]]:
        found = moves(shared, threads)
        if not found:
            return {row(shared, threads): (1, Fraction(1))}
        total: dict[Any, tuple[int, Fraction]] = {}
        for _, _, after in found:
            for share, state in after:
                for end, (count, chance) in odds(*state).items():
                    before = total.get(end, (0, Fraction(0)))
                    total[end] = (before[0] + count, before[1] + chance * share / len(found))
        return total

    @cache
    def preemptions(shared: Any, threads: tuple[Thread, ...], last: int) -> dict[Any, int]:
        found = moves(shared, threads)
        if not found:
            return {row(shared, threads): 0}
        least: dict[Any, int] = {}
        for n, _, after in found:
            cost = n != last and any(m == last and not timed for m, timed, _ in found)
            for _, state in after:
                for end, more in preemptions(*state, n).items():
                    least[end] = min(least.get(end, 10**9), cost + more)
        return least

    rows: Rows = {}
    for share, shared, threads in start(groups):
        least = preemptions(key(shared), threads, -1)
        for end, (count, chance) in odds(key(shared), threads).items():
            before = rows.get(end, (0, Fraction(0), 10**9))
            rows[end] = (before[0] + count, before[1] + share * chance, min(before[2], least[end]))
    return rows


def shortest_deadlock(groups: list[tuple[int, tuple[Any, ...]]]) -> int | None:
    """The fewest steps after which threads are stuck and all others have ended."""
    layer = {(tuple(sorted(shared.items())), threads) for _, shared, threads in start(groups)}
    depth = 0
    while layer:
        found: set[Any] = set()
        for shared, threads in layer:
            after = [
                (tuple(sorted(s.items())), (*threads[:n], t, *threads[n + 1 :]))
                for n, thread in enumerate(threads)
                for _, ways in alternatives(dict(shared), n, thread)
                for _, s, t in ways
            ]
            if not after and any(left for left, _, _ in threads):
                return depth
            found.update(after)
        layer, depth = found, depth + 1
    return None
