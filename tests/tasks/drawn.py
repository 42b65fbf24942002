"""Drawn programs of tasks: on what asyncio has, with or without sleeps and timeouts."""

from __future__ import annotations

from hypothesis import strategies as st

HEAD = """\
vars: {x: 0, seen: [], d: {a: 1, b: 2}, t: {expr: "{1, 2}"}}
timeout: 5
primitives: {l: Lock, m: Lock, s: {Semaphore: 2}, e: Event, c: Condition, q: {Queue: 1}, p: {LifoQueue: 2}, g: {Barrier: 2}, f: Future}
routines: {note: {params: [n], steps: [seen.append(n)]}}
"""

ATOMS = [
    "x += 1", "seen.append(index)", "y = x", "x = index", "{set: e}", "{clear: e}", "{wait: e}", "{put: q, item: index}",
    "{get: q, into: got}", "{put: p, item: x}", "{get: p, into: got}", "{wait: g, into: got}", "{result: f, into: got}",
    "{set_result: f, value: index}", "{as_completed: z, in: '[f]', do: [seen.append(9)]}", "{cancel: f}", "{add_done_callback: f, run: note, args: [7]}",
    "{acquire: l, blocking: false, into: got}", "{join: B}", "{call: note, args: [x]}", "{await: x > 1}", "{task_done: q}",
    "\"d['c'] = x\"", "d.pop('a', 0)", "t.add(x)", "t.discard(1)", "{compute: 0}", "{set_exception: f, error: KeyError, message: m}",
    "{atomic: [x += 1, seen.append(x)]}", "{raise: ValueError}", "{cancel: 'A[0]'}", "{cancel: B, into: got}", "{choose: z, from: [1, 2]}",
]  # fmt: skip
TIMED = [
    "{sleep: 0}", "{sleep: 0.001}", "{sleep: 0.002}", "{wait: e, timeout: 0.001, into: got}",
    "{acquire: l, timeout: 0.001, into: got}", "{get: q, timeout: 0.001, into: got}", "{acquire: s, timeout: 0.002, into: got}",
    "{timeout: 0.001, do: [{wait: e}]}", "{result: f, timeout: 0.001, into: got}", "{as_completed: z, in: '[f, f]', timeout: 0.001, do: [x += 1]}", "{await: x > 1, timeout: 0.002}", "{put: q, item: 1, timeout: 0.001}",
]  # fmt: skip


def steps(atoms: list[str]) -> st.SearchStrategy[str]:
    """One step, maybe of others."""
    one = st.sampled_from(atoms)

    def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        body = st.lists(inner, min_size=1, max_size=3).map(", ".join)
        return st.one_of(
            st.tuples(st.sampled_from(["l", "m", "s"]), body).map(lambda t: f"{{with: {t[0]}, do: [{t[1]}]}}"),
            body.map(lambda b: f"{{with: c, do: [{b}, {{notify: c}}]}}"),
            st.just("{with: c, do: [{wait: c}]}"),
            body.map(lambda b: f"{{repeat: 2, do: [{b}]}}"),
            st.tuples(st.sampled_from(["d", "t", "d.items()", "list(seen)"]), body).map(
                lambda t: f"{{for: k, in: {t[0]}, do: [{t[1]}]}}"
            ),
            body.map(lambda b: f"{{try: [{b}], except: {{Exception: [x += 10]}}}}"),
        )

    return st.recursive(one, around, max_leaves=4)


def programs(*, timed: bool) -> st.SearchStrategy[str]:
    """Two or three tasks; without times and choices there is one execution."""
    atoms = [*ATOMS, *TIMED] if timed else [atom for atom in [*ATOMS, "{sleep: 0}"] if "choose" not in atom]
    body = st.lists(steps(atoms), min_size=1, max_size=3).map(", ".join)
    return st.tuples(body, body, st.integers(1, 2)).map(
        lambda t: f"{HEAD}threads:\n  A: {{count: {t[2]}, steps: [{t[0]}]}}\n  B: {{steps: [{t[1]}]}}\n"
    )
