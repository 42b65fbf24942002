"""Operations that never block for ever, as text, and a scenario of a sequence of them that logs whatever comes back."""

from __future__ import annotations

import json

PRIMITIVES = {
    "m": "Lock", "r": "RLock", "s": "{Semaphore: 1}", "b": "{BoundedSemaphore: 1}", "e": "Event", "c": "Condition",
    "k": "{Condition: m}", "g": "{Barrier: 1}", "h": "{Barrier: {parties: 2, timeout: 0.001}}", "q": "{Queue: 2}", "l": "{LifoQueue: 2}",
    "p": "{PriorityQueue: 2}", "z": "SimpleQueue", "f": "Future", "fs": "{array: 2, of: Future}",
}  # fmt: skip

LOCKING = [
    *(f"{{acquire: {n}, {how}, into: v}}" for n in "mrsbck" for how in ("blocking: false", "timeout: 0", "timeout: 0.001", "timeout: -2", "blocking: false, timeout: 1")),
    *(f"{{release: {n}}}" for n in "mrsbck"),
    *(f"{{release: {n}, n: {i}}}" for n in "sb" for i in (-1, 0, 1, 2)),
]  # fmt: skip
WAITING = [
    "{set: e}", "{clear: e}", "{wait: e, timeout: 0, into: v}", "{wait: e, timeout: 0.001, into: v}", "{wait: e, timeout: -1, into: v}",
    *(f"{{{verb}: {n}}}" for n in "ck" for verb in ("notify", "notify_all")),
    *(f"{{notify: {n}, n: {i}}}" for n in "ck" for i in (-1, 0, 2)),
    *(f"{{wait: {n}, timeout: {t}, into: v}}" for n in "ck" for t in (0, 0.001, -1)),
    "{wait_for: c, until: x == 1, timeout: 0.001, into: v}", "{wait_for: c, until: x == 0, into: v}", "{wait_for: k, until: x, timeout: 0, into: v}",
    *(f"{{{verb}: {n}}}" for n in "gh" for verb in ("abort", "reset")),
    "{wait: g, into: v}", "{wait: g, timeout: 1, into: v}", "{wait: h, into: v}", "{wait: h, timeout: 0, into: v}", "{wait: h, timeout: -1, into: v}",
]  # fmt: skip
QUEUEING = [
    *(f"{{put: {n}, item: {i}, {how}}}" for n in "qlpz" for i in (1, 2, "\"'a'\"") for how in ("block: false", "timeout: 0.001", "timeout: 0")),
    *(f"{{put: {n}, item: 7, timeout: -1}}" for n in "qlpz"),
    *(f"{{put: {n}, item: 7, block: false, timeout: -1}}" for n in "qlp"),
    *(f"{{get: {n}, into: v, {how}}}" for n in "qlpz" for how in ("block: false", "timeout: 0.001", "timeout: 0", "timeout: -1", "block: false, timeout: -1")),
    *(f"{{task_done: {n}}}" for n in "qlp"),
]  # fmt: skip
_ALL = "[f, fs[0], fs[1]]"
COMPLETING = [
    *(f"{{set_result: {n}, value: {i}}}" for n in ("f", '"fs[0]"', '"fs[1]"') for i in (1, "\"[x, 'a']\"", "f")),
    *(f"{{set_exception: {n}, error: {e}}}" for n in ("f", '"fs[1]"') for e in ("ValueError", 'KeyError, message: "k {x}"', "IndexError, message: m")),
    *(f"{{cancel: {n}, into: v}}" for n in ("f", '"fs[0]"', '"fs[1]"')),
    *(f"{{set_running_or_notify_cancel: {n}, into: v}}" for n in ("f", '"fs[0]"')),
    *(f"{{add_done_callback: {n}, run: note, args: [{i}]}}" for n in ("f", '"fs[0]"', '"fs[-1]"') for i in (1, "x")),
    *(f"{{add_done_callback: {n}, run: fails}}" for n in ("f", '"fs[1]"')), '{add_done_callback: "fs[0]", run: again}',
    *(f"{{result: {n}, timeout: {t}, into: v}}" for n in ("f", '"fs[0]"', '"fs[1]"') for t in (0, 0.001, -1)),
    *(f"{{wait_futures: '{_ALL}', timeout: 0, return_when: {w}, into: [dn, pd]}}, v = len(dn)" for w in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")),
    "v = [f.done(), f.running(), f.cancelled()]",
    "v = type_name(f.exception())", "v = fs[1].exception() is None", "v = len([o for o in fs if o.done()])", "v = f == fs[0]",
    "{set_result: x, value: 1}", "{cancel: x}", "{set_running_or_notify_cancel: x}", "{result: fs, timeout: 0}",
    "x += 1",
]  # fmt: skip
CONTAINERS = [
    "xs.append(x)", "xs.pop()", "xs.pop(0)", "xs.remove(1)", "xs.insert(0, 5)", "xs[0] = 9", "xs[-1] += 1", "del xs[1]", "xs.sort()",
    "v = xs[5]", "v = d[3]", "d[x] = 1", "del d[0]", "v = d.pop(1)", "v = d.get(7)", "s_.add(x)", "s_.remove(3)", "v = 1 // x", "v = x % 0",
    "v = len(xs) + sum(xs)", "v = sorted(s_)", "x += 1", "x = -x", "a, v = list(xs)", "v = max(xs)", "v = xs.index(5)", "v = list(xs) + 1",
    "v = 'a' + 1", "v = int('x')", "v = [1, 2][x]", "v = xs.count(1)", "xs.clear()", "xs.reverse()", "xs += [3]",
]  # fmt: skip
STATE = (
    "m.locked(), s_, x, e.is_set(), g.broken, g.n_waiting, h.broken, h.n_waiting, h.parties, q.qsize(), q.empty(), q.full(), "
    "f.done(), f.running(), fs[0].done(), fs[1].cancelled(), q.unfinished_tasks, l.qsize(), l.full(), p.qsize(), p.unfinished_tasks, z.qsize(), z.empty()"
)
EXCEPTIONS = [
    "RuntimeError",
    "ValueError",
    "Empty",
    "Full",
    "BrokenBarrierError",
    "IndexError",
    "KeyError",
    "ZeroDivisionError",
    "TypeError",
    "UnboundLocalError",
    "InvalidStateError",
    "CancelledError",
    "TimeoutError",
    "AttributeError",
]


def sequence(operations: list[tuple[int, str]]) -> str:
    """A scenario of two threads that take turns as given: (thread, operation); each logs result or exception."""
    head = [
        "vars: {x: 0, xs: [1], d: {expr: '{1: 2}'}, s_: {expr: '{3}'}, log: [], turn: 0}",
        f"primitives: {{{', '.join(f'{name}: {kind}' for name, kind in PRIMITIVES.items())}}}",
        "routines:",
        '  note: {params: [n], steps: ["log.append([n, index])"]}',
        '  fails: {steps: ["log.append(name)", "x = 1 // 0"]}',
        "  again: {steps: [{add_done_callback: f, run: note, args: [7]}, {set_result: f, value: 5}]}",
        "threads:",
    ]
    bodies: dict[int, list[str]] = {0: [], 1: []}
    for number, (thread, operation) in enumerate(operations):
        bodies[thread] += [f"{{await: turn == {number}}}", "v = None", *_logged(operation), "turn += 1"]
    for body in bodies.values():  # a thread that has ended might leave its number, and so its RLock, to another
        body.append(f"{{await: turn == {len(operations)}}}")
    lines = [f"  T{n}: {{steps: [{', '.join(body)}]}}" for n, body in bodies.items()]
    state = STATE.replace("s_, x", "sorted(s_), list(xs), sorted(d), x")
    return "\n".join([*head, *lines, f'expect: {{observe: [log, "[{state}]"]}}']) + "\n"


def _logged(operation: str) -> list[str]:
    handlers = ", ".join(f"{name}: [\"log.append('{name}: ' + error)\"]" for name in EXCEPTIONS)
    step = operation if operation.startswith("{") else json.dumps(operation)
    return [f"{{try: [{step}], except: {{{handlers}}}, else: [log.append(v)]}}"]
