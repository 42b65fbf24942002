"""The same deadlock in `run`, `explore` and `replay`: one failure, equal waits with their holders, one pattern.

Exploring reads the state of models, a run and a replay that of real objects, each in its own way: a replay of a thread at its
gate, a run from its frames. What they say must not differ in anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from threads.files import program

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import explore
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import exploration_verdict, judge, run_verdict
from scenario.judge.patterns import pattern
from scenario.kinds import PatternName
from scenario.program.program import Program
from scenario.results.outcome import Outcome
from scenario.results.result import Evidence
from scenario.results.schedule import Schedule
from scenario.results.waiting import WaitKind, circle

WAITS = {
    "wake-up of a worker": """
        vars: {n: 0, f: null}
        primitives: {pool: {ThreadPoolExecutor: {max_workers: 2, initializer: setup}}, busy: Event, go: Event, on: Event}
        routines:
          setup: {steps: [{atomic: [n += 1, mine = n]}, {if: mine == 2, then: [{wait: go}, {raise: ValueError}]}]}
          work: {steps: [{set: busy}, {wait: on}]}
        threads:
          B: {steps: [{sleep: 0.1}, {set: go}, {result: f, raises: BrokenThreadPool}, {set: on}]}
        main:
          - {submit: work, to: pool}
          - {wait: busy}
          - {submit: work, to: pool, into: f}
          - {start: B}
          - {shutdown: pool}
    """,
    "lock": """
        primitives: {a: Lock, b: Lock, both: {Barrier: 2}}
        threads:
          A: {steps: [{with: a, do: [{wait: both}, {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{wait: both}, {with: a, do: [pass]}]}]}
    """,
    "semaphore, by whom a refused release has left it": """
        primitives: {s: {BoundedSemaphore: 1}, done: Event}
        threads:
          A: {steps: [{acquire: s}, {set: done}, {join: B}]}
          B: {steps: [{wait: done}, {release: s, n: 2, raises: ValueError}, {acquire: s}]}
    """,
    "lock acquired by itself": """
        primitives: {a: Lock}
        threads: {A: {steps: [{acquire: a}, {acquire: a}]}}
    """,
    "lock beside an idle daemon": """
        primitives: {q: Queue, a: Lock, b: Lock, both: {Barrier: 3}}
        threads:
          D: {daemon: true, steps: [{wait: both}, {get: q}]}
          A: {steps: [{with: a, do: [{wait: both}, {with: b, do: [pass]}]}]}
          B: {steps: [{with: b, do: [{wait: both}, {with: a, do: [pass]}]}]}
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
    "semaphore acquired by itself": """
        primitives: {s: {Semaphore: 1}}
        threads: {A: {steps: [{acquire: s}, {acquire: s}]}}
    """,
    "semaphore of which a place was given back": """
        primitives: {s: {Semaphore: 2}, first: Event, second: Event, never: Event}
        threads:
          A: {steps: [{acquire: s}, {set: first}, {wait: never}]}
          B: {steps: [{wait: first}, {acquire: s}, {release: s}, {acquire: s}, {set: second}, {wait: never}]}
          C: {steps: [{wait: second}, {acquire: s}]}
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
    **{
        f"join of a {kind}": f"""
        primitives: {{q: {kind}}}
        threads: {{A: {{steps: [{{put: q, item: 1}}, {{get: q}}, {{join: q}}]}}}}
    """
        for kind in ("Queue", "LifoQueue", "PriorityQueue")
    },
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
    "future of its own": """
        primitives: {reply: Future}
        main: [{result: reply}]
    """,
    "element of futures of its own": """
        primitives: {replies: {array: 2, of: Future}}
        vars: {x: 0}
        threads:
          A: {steps: [{result: 'replies[1]'}]}
          B: {steps: [{if: x, then: [{set_result: 'replies[1]', value: 1}]}]}
    """,
    "many futures of its own": """
        primitives: {replies: {array: 3, of: Future}}
        main: [{set_result: 'replies[1]', value: 1}, {cancel: 'replies[0]'}, {wait_futures: replies}]
    """,
    "lock that a callback wants under it": """
        primitives: {reply: Future, m: Lock}
        routines: {takes: {steps: [{with: m, do: [pass]}]}}
        main: [{add_done_callback: reply, run: takes}, {with: m, do: [{set_result: reply, value: 1}]}]
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


PATTERNS: dict[str, PatternName] = {
    "lock beside an idle daemon": "AB/BA",
    "semaphore of which a place was given back": "waiting with a lock held",
    "lock": "AB/BA", "lock acquired by itself": "self-deadlock", "element of an array": "lock cycle", "rlock": "AB/BA",
    "lock whose holder has ended": "never released", "semaphore": "AB/BA",
    "condition with a predicate, a lock held": "nested monitor",
    "condition's lock, to go on after a wait": "waiting with a lock held",
    "barrier": "barrier short of parties", "join in a circle": "joining in a circle",
    "join with a lock held": "joining with a lock held", "semaphore, by whom a refused release has left it": "joining with a lock held",
    "future in its own pool": "pool self-deadlock",
    "lock first in an atomic": "self-deadlock", "lock that a callback wants under it": "self-deadlock",
}  # fmt: skip
"""What each is called; the others are waits for nothing."""

ELSEWHERE = {"sleep", "time", "code", "turn", "nothing", "woken"}
"""Kinds of wait in which nobody is stuck; and one that there is on multiprocessing alone (tests/processes/test_killing.py)."""


def explored(of: Program) -> Evidence:
    (evidence,) = exploration_verdict(of, explore(of, judge=judge)).evidence
    return evidence


def ran(of: Program) -> Evidence:
    return judged(of, run(of))


def replayed(of: Program, schedule: Schedule | None) -> Evidence:
    assert schedule is not None
    (script,) = retrace(of, schedule)
    found = replay(of, script)
    assert found.diverged is None
    return replace(judged(of, found.outcome), schedule=schedule)


def judged(of: Program, outcome: Outcome) -> Evidence:
    (evidence,) = run_verdict(of, outcome, judge(of, outcome), seed=0).evidence
    return evidence


def shown(evidence: Evidence) -> tuple[object, ...]:
    """All that is said of it but for the way there: the failure, who waits and who holds, who could have ended it."""
    return evidence.failure, evidence.blocked, evidence.givers, evidence.going


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_is_the_same_fact_in_every_engine(name: str) -> None:
    of = program(WAITS[name])
    first = explored(of)
    again, live = replayed(of, first.schedule), ran(of)
    assert first.failure.kind == "deadlock"
    assert first.blocked
    assert shown(again) == shown(first)
    assert shown(live) == shown(first)


@pytest.mark.parametrize("name", WAITS)
def test_its_pattern_is_the_same_in_every_engine(name: str) -> None:
    of = program(WAITS[name])
    first = explored(of)
    found = pattern(first)
    assert found is not None
    assert found.name == PATTERNS.get(name, "waiting for nothing")
    assert pattern(replayed(of, first.schedule)) == found
    live = pattern(ran(of))  # without the way there, which tells more
    assert live is not None
    assert live.name == found.name


def test_every_kind_of_wait_that_may_be_for_ever_is_here() -> None:
    kinds = {b.wait.kind for text in WAITS.values() for b in explored(program(text)).blocked}
    assert kinds == set(get_args(WaitKind)) - ELSEWHERE


SPINNING = """
    vars: {n: 0}
    primitives: {done: Event}
    threads:
      asker: {steps: [{wait: done}]}
      server: {steps: [{while: n == 0, do: [pass]}, {set: done}]}
"""


def test_replay_names_who_goes_round_as_exploring_does() -> None:
    of = program(SPINNING)
    first = explored(of)
    again = replayed(of, first.schedule)
    assert [one.thread for one in first.going] == ["server"]
    assert shown(again) == shown(first)
    assert pattern(again) == pattern(first)


def test_who_has_taken_a_semaphores_place_himself_waits_for_others():
    """Its places are nobody's: anyone may give one back."""
    assert circle(explored(program(WAITS["semaphore acquired by itself"])).blocked) == ()
    assert len(circle(explored(program(WAITS["semaphore"])).blocked)) == 2
