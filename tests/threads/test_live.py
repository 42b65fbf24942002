"""The live twins of what deadlocks: slow, timed, just about to be woken, and never reported."""

from __future__ import annotations

import pytest
from threads.files import outcome

LIVE = {
    "locks in one order": """
        primitives: {a: Lock, b: Lock}
        threads:
          A: {count: 3, steps: [{with: a, do: [{sleep: 0.1}, {with: b, do: [{sleep: 0.1}]}]}]}
    """,
    "a lock that another thread releases": """
        primitives: {a: Lock}
        threads:
          A: {steps: [{acquire: a}, {acquire: a}]}
          B: {steps: [{sleep: 0.4}, {release: a}]}
    """,
    "a notification that comes late": """
        primitives: {changed: Condition}
        threads:
          A: {steps: [{with: changed, do: [{wait: changed}]}]}
          B: {steps: [{sleep: 0.4}, {with: changed, do: [{notify: changed}]}]}
    """,
    "a barrier whose last party is late": """
        primitives: {gate: {Barrier: 2}}
        threads:
          A: {steps: [{wait: gate}]}
          B: {steps: [{sleep: 0.4}, {wait: gate}]}
    """,
    "a barrier that is aborted": """
        primitives: {gate: {Barrier: 3}}
        threads:
          A: {count: 2, steps: [{wait: gate, raises: BrokenBarrierError}]}
          B: {steps: [{sleep: 0.4}, {abort: gate}]}
    """,
    "an event set by a timer": """
        primitives: {ready: Event}
        threads:
          A: {steps: [{wait: ready}]}
          T: {timer: 0.4, steps: [{set: ready}]}
    """,
    "a queue fed late": """
        primitives: {q: Queue, s: SimpleQueue}
        threads:
          A: {steps: [{get: q}, {get: s}]}
          B: {steps: [{sleep: 0.3}, {put: q, item: 1}, {sleep: 0.3}, {put: s, item: 1}]}
    """,
    "a queue emptied late": """
        primitives: {q: {Queue: 1}}
        threads:
          A: {steps: [{put: q, item: 1}, {put: q, item: 1}]}
          B: {steps: [{sleep: 0.4}, {get: q}]}
    """,
    "waits that time out": """
        primitives: {e: Event, c: Condition, q: Queue, s: SimpleQueue, l: Lock, n: {Semaphore: 0}}
        threads:
          A:
            steps:
              - {wait: e, timeout: 0.2}
              - {with: c, do: [{wait: c, timeout: 0.2}]}
              - {get: q, timeout: 0.2, raises: Empty}
              - {get: s, timeout: 0.2, raises: Empty}
              - {acquire: l}
              - {acquire: l, timeout: 0.2}
              - {acquire: n, timeout: 0.2}
    """,
    "a join on a slow thread": """
        threads: {A: {steps: [{sleep: 0.5}]}}
        main: [{start: A}, {join: A}]
    """,
    "calls that wait for a slow one": """
        primitives: {pool: {ThreadPoolExecutor: 2}}
        routines:
          slow: {steps: [{sleep: 0.4}, {return: 1}]}
          outer: {steps: [{submit: slow, to: pool, into: f}, {result: f}]}
        main: [{submit: outer, to: pool, into: g}, {result: g}]
    """,
    "a future that is cancelled": """
        vars: {f: null}
        primitives: {pool: {ThreadPoolExecutor: 1}, go: Event}
        routines:
          hold: {steps: [{wait: go}]}
        threads:
          A: {steps: [{sleep: 0.3}, {cancel: f}, {set: go}]}
        main:
          - {submit: hold, to: pool}
          - {submit: hold, to: pool, into: f}
          - {start: A}
          - {result: f, raises: CancelledError}
          - {join: A}
    """,
    "an await that comes true late": """
        vars: {x: 0}
        threads:
          A: {steps: [{await: x == 1}]}
          B: {steps: [{sleep: 0.4}, x = 1]}
    """,
    "an await of a thread's end": """
        threads:
          A: {steps: [{await: not B.is_alive()}]}
          B: {steps: [{sleep: 0.4}]}
    """,
    "an await of the clock": """
        threads:
          A: {steps: [{await: now() > 0.4}]}
    """,
    "an await of a worker process": """
        vars: {f: null}
        primitives: {cpu: {ProcessPoolExecutor: 1}}
        routines: {slow: {params: [n], steps: [{sleep: 0.4}, {return: n}]}}
        main: [{submit: slow, to: cpu, args: [1], into: f}, {await: f.done()}]
    """,
    "an event set by an initializer": """
        primitives: {e: Event, pool: {ThreadPoolExecutor: {max_workers: 1, initializer: init}}}
        routines: {init: {steps: [{sleep: 0.4}, {set: e}]}, job: {steps: [pass]}}
        threads: {W: {steps: [{wait: e}]}}
        main: [{start: W}, {submit: job, to: pool}, {join: W}]
    """,
    "an event set by a thread that another one starts late": """
        primitives: {e: Event}
        routines: {go: {steps: [{sleep: 0.3}, {start: S}]}}
        threads:
          W: {steps: [{wait: e}]}
          T: {steps: [{call: go}]}
          S: {steps: [{sleep: 0.2}, {set: e}]}
        main: [{start: W}, {start: T}, {join: W}]
    """,
    "a call behind a slow one": """
        primitives: {pool: {ThreadPoolExecutor: 1}}
        routines: {slow: {steps: [{sleep: 0.4}]}, quick: {steps: [{return: 3}]}}
        main: [{submit: slow, to: pool}, {submit: quick, to: pool, into: f}, {result: f}]
    """,
    "an idle pool": """
        primitives: {pool: {ThreadPoolExecutor: 2}}
        routines: {one: {steps: [{return: 1}]}}
        main: [{submit: one, to: pool, into: f}, {result: f}, {sleep: 0.4}]
    """,
    "an rlock taken again": """
        primitives: {a: RLock}
        threads:
          A: {count: 2, steps: [{with: a, do: [{with: a, do: [{sleep: 0.2}]}]}]}
    """,
    "a long action of a barrier": """
        primitives: {gate: {Barrier: {parties: 2, action: act}}}
        routines: {act: {steps: [{sleep: 0.4}]}}
        threads:
          A: {count: 4, steps: [{wait: gate}]}
    """,
    "a waiter that gets its lock back late": """
        primitives: {lock: Lock, changed: {Condition: lock}}
        threads:
          A: {steps: [{with: changed, do: [{wait: changed}]}]}
          B: {steps: [{sleep: 0.1}, {with: changed, do: [{notify: changed}, {sleep: 0.4}]}]}
    """,
}


@pytest.mark.parametrize("text", LIVE.values(), ids=list(LIVE))
def test_a_live_run_is_not_reported(text: str) -> None:
    result = outcome(text)
    assert (result.end, dict(result.errors), result.failures) == ("finished", {}, ())
