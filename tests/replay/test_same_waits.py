"""The same deadlock in `run`, `explore` and `replay`: equal waits, equal holders, and the same pattern by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from threads.files import program

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import explore
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.judge.patterns import pattern
from scenario.program.program import Program
from scenario.results.failures import Deadlock, Failure
from scenario.results.result import Evidence
from scenario.results.waiting import Blocked, circle

WAITS = {
    "lock": """
        primitives: {a: Lock, b: Lock, both: {Barrier: 2}}
        threads:
          A: {steps: [{with: a, do: [{wait: both}, {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{wait: both}, {with: a, do: [pass]}]}]}
    """,
    "lock acquired by itself": """
        primitives: {a: Lock}
        threads: {A: {steps: [{acquire: a}, {acquire: a}]}}
    """,
    "element of an array": """
        primitives: {forks: {array: 3, of: Lock}, all_there: {Barrier: 3}}
        threads:
          P: {count: 3, steps: [{with: 'forks[index]', do: [{wait: all_there}, {with: 'forks[(index + 1) % 3]', do: [pass]}]}]}
    """,
    "rlock": """
        primitives: {a: RLock, b: RLock, both: {Barrier: 2}}
        threads:
          A: {steps: [{acquire: a}, {acquire: a}, {wait: both}, {acquire: b}]}
          B: {steps: [{with: b, do: [{with: b, do: [{wait: both}, {with: a, do: [pass]}]}]}]}
    """,
    "lock whose holder has ended": """
        primitives: {a: Lock, taken: Event}
        threads:
          A: {steps: [{acquire: a}, {set: taken}]}
          B: {steps: [{wait: taken}, {acquire: a}]}
    """,
    "semaphore": """
        primitives: {a: {Semaphore: 1}, b: {BoundedSemaphore: 1}, both: {Barrier: 2}}
        threads:
          A: {steps: [{with: a, do: [{wait: both}, {with: b, do: [pass]}]}]}
          B: {steps: [{acquire: b}, {wait: both}, {acquire: a}]}
    """,
    "semaphore that nobody has": """
        primitives: {s: {Semaphore: 0}}
        threads: {A: {steps: [{acquire: s}]}}
    """,
    "condition": """
        primitives: {c: Condition}
        threads: {A: {steps: [{with: c, do: [{wait: c}]}]}}
    """,
    "condition with a predicate, a lock held": """
        vars: {x: 0}
        primitives: {c: Condition, l: Lock, first: Event}
        threads:
          A: {steps: [{with: l, do: [{with: c, do: [{set: first}, {wait_for: c, until: x > 0}]}]}]}
          B: {steps: [{wait: first}, {with: l, do: [{with: c, do: [x = 1, {notify: c}]}]}]}
    """,
    "condition's lock, to go on after a wait": """
        vars: {waits: 0}
        primitives: {l: Lock, c: {Condition: l}, never: Event}
        threads:
          A: {steps: [{with: c, do: [waits = 1, {wait: c}]}]}
          B: {steps: [{await: waits == 1}, {with: c, do: [{notify: c}, {wait: never}]}]}
    """,
    "event": """
        primitives: {e: Event}
        threads: {A: {count: 2, steps: [{wait: e}]}}
    """,
    "barrier": """
        primitives: {gate: {Barrier: 3}}
        threads: {A: {count: 2, steps: [{wait: gate}]}}
    """,
    "barrier's action": """
        primitives: {gate: {Barrier: {parties: 1, action: act}}, in_it: Event, never: Event}
        routines: {act: {steps: [{set: in_it}, {wait: never}]}}
        threads:
          A: {steps: [{wait: gate}]}
          B: {steps: [{wait: in_it}, {wait: gate}]}
          C: {steps: [{wait: in_it}, {reset: gate}]}
    """,
    **{
        f"get of a {kind}": f"""
        primitives: {{q: {kind}}}
        threads: {{A: {{steps: [{{get: q}}]}}}}
    """
        for kind in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")
    },
    **{
        f"put to a {kind}": f"""
        primitives: {{q: {{{kind}: 1}}}}
        threads: {{A: {{steps: [{{put: q, item: 1}}, {{put: q, item: 2}}]}}}}
    """
        for kind in ("Queue", "LifoQueue", "PriorityQueue")
    },
    "join of a queue": """
        primitives: {q: Queue}
        threads: {A: {steps: [{put: q, item: 1}, {get: q}, {join: q}]}}
    """,
    "join of a thread": """
        primitives: {e: Event}
        threads: {A: {steps: [{wait: e}]}}
        main: [{start: A}, {join: A}]
    """,
    "join in a circle": """
        primitives: {both: {Barrier: 2}}
        threads:
          A: {steps: [{wait: both}, {join: B}]}
          B: {steps: [{wait: both}, {join: A}]}
    """,
    "join with a lock held": """
        primitives: {l: Lock, both: {Barrier: 2}}
        threads:
          A: {steps: [{with: l, do: [{wait: both}, {join: B}]}]}
          B: {steps: [{wait: both}, {with: l, do: [pass]}]}
    """,
    "future that runs": """
        primitives: {pool: {ThreadPoolExecutor: 1}, never: Event}
        routines: {call: {steps: [{wait: never}]}}
        main: [{submit: call, to: pool, into: f}, {result: f}]
    """,
    "future in its own pool": """
        primitives: {pool: {ThreadPoolExecutor: 1}}
        routines:
          inner: {steps: [{return: 1}]}
          outer: {steps: [{submit: inner, to: pool, into: f}, {result: f}]}
        main: [{submit: outer, to: pool, into: g}, {result: g}]
    """,
    "many futures": """
        primitives: {pool: {ThreadPoolExecutor: 2}, never: Event}
        routines: {quick: {steps: [pass]}, held: {steps: [{wait: never}]}}
        main:
          - {submit: quick, to: pool, into: a}
          - {submit: held, to: pool, into: b}
          - {wait_futures: "[a, b]"}
    """,
    "futures as they complete": """
        primitives: {pool: {ThreadPoolExecutor: 1}, never: Event}
        routines: {held: {steps: [{wait: never}]}}
        main:
          - {submit: held, to: pool, into: a}
          - {as_completed: f, in: "[a]", do: [pass]}
    """,
    "calls of a pool that is shut down": """
        primitives: {pool: {ThreadPoolExecutor: 1}, never: Event}
        routines: {held: {steps: [{wait: never}]}}
        main:
          - {with: pool, do: [{submit: held, to: pool}]}
    """,
    "await": """
        vars: {x: 0}
        threads: {A: {steps: [{await: x > index}]}}
    """,
    "await in an atomic": """
        vars: {x: 0}
        threads: {A: {steps: [{atomic: [{await: x > 0}, x = 0]}]}}
    """,
    "lock first in an atomic": """
        vars: {x: 0}
        primitives: {l: Lock}
        threads: {A: {steps: [{acquire: l}, {atomic: [{acquire: l}, x = 1]}]}}
    """,
}


def in_run(of: Program) -> tuple[Blocked, ...]:
    outcome = run(of)
    assert outcome.end == "deadlock", outcome
    return outcome.blocked


def by_exploring(of: Program) -> Evidence:
    (finding,) = explore(of, judge=judge).findings
    assert finding.failure.kind == "deadlock"
    return Evidence(finding.failure, schedule=finding.schedule, blocked=finding.blocked)


def replayed(of: Program, evidence: Evidence) -> tuple[Blocked, ...]:
    assert evidence.schedule is not None
    (script,) = retrace(of, evidence.schedule)
    found = replay(of, script)
    assert (found.diverged, found.outcome.end) == (None, "deadlock")
    return found.outcome.blocked


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_is_the_same_fact_in_every_engine(name: str) -> None:
    of = program(WAITS[name])
    explored = by_exploring(of)
    again, live = replayed(of, explored), in_run(of)
    assert again == explored.blocked
    assert live == explored.blocked
    names = {_pattern(replace(explored, blocked=each)) for each in (explored.blocked, again, live)}
    assert len(names) == 1
    assert len({circle(each) for each in (explored.blocked, again, live)}) == 1


def _pattern(evidence: Evidence) -> str | None:
    found = pattern(evidence)
    return None if found is None else found.name


def test_the_circle_of_two_locks_is_named_by_a_replay() -> None:
    of = program(WAITS["lock"])
    explored = by_exploring(of)
    evidence = Evidence(Failure(Deadlock(())), schedule=explored.schedule, blocked=replayed(of, explored))
    assert _pattern(evidence) == "AB/BA"
