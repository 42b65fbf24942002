"""Twins: what each detector must find, by kind and by the pattern's name, and what looks like it and must not be found."""

import pytest
from explore.found import explored, program

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.judge.patterns import pattern

TWINS = {
    "lost update": (
        ("final", "lost update"),
        """
        vars: {x: 0}
        threads: {T: {count: 2, steps: [x += 1]}}
        expect: [x == 2]
        """,
        """
        vars: {x: 0}
        primitives: {m: Lock}
        threads: {T: {count: 2, steps: [{with: m, do: [x += 1]}]}}
        expect: [x == 2]
        """,
    ),
    "a +1 and a -1 thread with always": (
        ("always", None),
        """
        vars: {x: 0}
        threads: {up: {count: 2, steps: [{atomic: x += 1}]}, down: {count: 2, steps: [{atomic: x -= 1}]}}
        expect: {always: [x >= 0]}
        """,
        """
        vars: {x: 0}
        threads: {up: {count: 2, steps: [{atomic: x += 1}]}, down: {count: 2, steps: [{atomic: x -= 1}]}}
        expect: {always: [-2 <= x <= 2]}
        """,
    ),
    "torn always": (
        ("always", None),
        """
        vars: {x: 0, y: 0}
        threads: {W: {steps: [x = 1, y = 1]}}
        expect: {always: [x == y]}
        """,
        """
        vars: {x: 0, y: 0}
        threads: {W: {steps: [{atomic: [x = 1, y = 1]}]}}
        expect: {always: [x == y]}
        """,
    ),
    "torn read": (
        ("assert", "torn read"),
        """
        vars: {x: 0, y: 0}
        threads: {W: {steps: [x = 1, y = 1]}, R: {steps: ["a, b = x, y", {assert: a == b}]}}
        """,
        """
        vars: {x: 0, y: 0}
        primitives: {m: Lock}
        threads:
          W: {steps: [{with: m, do: [x = 1, y = 1]}]}
          R: {steps: [{with: m, do: ["a, b = x, y"]}, {assert: a == b}]}
        """,
    ),
    "check-then-act": (
        ("error", "check-then-act"),
        """
        vars: {items: [1]}
        threads: {T: {count: 2, steps: [{if: len(items) > 0, then: [items.pop()]}]}}
        """,
        """
        vars: {items: [1]}
        primitives: {m: Lock}
        threads: {T: {count: 2, steps: [{with: m, do: [{if: len(items) > 0, then: [items.pop()]}]}]}}
        """,
    ),
    "over-release": (
        ("error", "over-release"),
        """
        primitives: {s: {BoundedSemaphore: 1}}
        threads: {A: {steps: [{acquire: s}, {release: s}, {release: s}]}}
        """,
        """
        primitives: {s: {BoundedSemaphore: 1}}
        threads: {A: {count: 2, steps: [{acquire: s}, {release: s}]}}
        """,
    ),
    "self-deadlock": (
        ("deadlock", "self-deadlock"),
        "primitives: {m: Lock}\nthreads: {A: {steps: [{acquire: m}, {acquire: m}]}}",
        "primitives: {m: RLock}\nthreads: {A: {steps: [{acquire: m}, {acquire: m}]}}",
    ),
    "AB/BA": (
        ("deadlock", "AB/BA"),
        """
        primitives: {a: Lock, b: Lock}
        threads: {A: {steps: [{with: [a, b], do: [pass]}]}, B: {steps: [{with: [b, a], do: [pass]}]}}
        """,
        """
        primitives: {a: Lock, b: Lock}
        threads: {A: {steps: [{with: [a, b], do: [pass]}]}, B: {steps: [{with: [a, b], do: [pass]}]}}
        """,
    ),
    "AB/BA beside a heartbeat thread": (
        ("deadlock", "AB/BA"),
        """
        vars: {beat: 0, over: false}
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{with: [a, b], do: [pass]}]}
          B: {steps: [{with: [b, a], do: [pass]}]}
          H: {daemon: true, steps: [{while: true, do: [beat = 1 - beat]}]}
        """,
        """
        vars: {beat: 0, over: false}
        primitives: {a: Lock, b: Lock}
        threads:
          A: {steps: [{with: [a, b], do: [pass]}]}
          B: {steps: [{with: [a, b], do: [pass]}]}
          H: {daemon: true, steps: [{while: true, do: [beat = 1 - beat]}]}
        """,
    ),
    "a circle of three": (
        ("deadlock", "lock cycle"),
        """
        primitives: {f: {array: 3, of: Lock}}
        threads: {P: {count: 3, steps: [{acquire: "f[index]"}, {acquire: "f[(index + 1) % 3]"}, {release: "f[(index + 1) % 3]"}, {release: "f[index]"}]}}
        """,
        """
        primitives: {f: {array: 3, of: Lock}}
        threads: {P: {count: 3, steps: [{acquire: "f[min(index, (index + 1) % 3)]"}, {acquire: "f[max(index, (index + 1) % 3)]"}, {release: "f[(index + 1) % 3]"}, {release: "f[index]"}]}}
        """,
    ),
    "lost wake-up": (
        ("deadlock", "lost wake-up"),
        """
        vars: {ready: false}
        primitives: {c: Condition}
        threads:
          W: {steps: [{with: c, do: [{wait: c}]}]}
          S: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
        """,
        """
        vars: {ready: false}
        primitives: {c: Condition}
        threads:
          W: {steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}]}]}
          S: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
        """,
    ),
    "a notification swallowed by a waiter that has timed out": (
        ("deadlock", "one of several notified"),
        """
        vars: {ready: 0}
        primitives: {c: Condition}
        threads:
          T: {steps: [{with: c, do: [{while: ready == 0, do: [{wait: c, timeout: 1, into: ok}, {if: not ok, then: [break]}]}]}]}
          W: {steps: [{with: c, do: [{while: ready == 0, do: [{wait: c}]}]}]}
          S: {steps: [{with: c, do: [ready = 1, {notify: c}]}]}
        """,
        """
        vars: {ready: 0}
        primitives: {c: Condition}
        threads:
          T: {steps: [{with: c, do: [{while: ready == 0, do: [{wait: c, timeout: 1, into: ok}, {if: not ok, then: [break]}]}]}]}
          W: {steps: [{with: c, do: [{while: ready == 0, do: [{wait: c}]}]}]}
          S: {steps: [{with: c, do: [ready = 1, {notify_all: c}]}]}
        """,
    ),
    "an event that is cleared before all have come": (
        ("deadlock", "missed signal"),
        """
        primitives: {e: Event}
        threads: {W: {steps: [{wait: e}]}, P: {steps: [{set: e}, {clear: e}]}}
        """,
        """
        primitives: {e: Event}
        threads: {W: {steps: [{wait: e}]}, P: {steps: [{await: W.blocked == 1}, {set: e}, {clear: e}]}}
        """,
    ),
    "barrier short of parties": (
        ("deadlock", "barrier short of parties"),
        "primitives: {g: {Barrier: 3}}\nthreads: {T: {count: 2, steps: [{wait: g}]}}",
        "primitives: {g: {Barrier: 2}}\nthreads: {T: {count: 2, steps: [{wait: g}]}}",
    ),
    "a pool that waits for itself": (
        ("deadlock", "pool self-deadlock"),
        """
        primitives: {pool: {ThreadPoolExecutor: 1}}
        routines:
          inner: {steps: [{return: 1}]}
          outer: {steps: [{submit: inner, to: pool, into: f}, {result: f}]}
        main: [{submit: outer, to: pool, into: g}, {result: g}]
        """,
        """
        primitives: {pool: {ThreadPoolExecutor: 2}}
        routines:
          inner: {steps: [{return: 1}]}
          outer: {steps: [{submit: inner, to: pool, into: f}, {result: f}]}
        main: [{submit: outer, to: pool, into: g}, {result: g}]
        """,
    ),
    "livelock by polling": (
        ("livelock", "livelock by polling"),
        "vars: {x: 0}\nthreads: {A: {steps: [{while: x == 0, do: [pass]}]}}",
        "vars: {x: 0}\nthreads: {A: {steps: [{while: x == 0, do: [pass]}]}, B: {steps: [x = 1]}}",
    ),
    "polling under a lock that the setter needs": (
        ("livelock", "livelock by polling"),
        """
        vars: {ready: false}
        primitives: {m: Lock}
        threads:
          W: {steps: [{with: m, do: [{while: not ready, do: [pass]}]}]}
          S: {steps: [{acquire: m, blocking: false, into: ok}, {if: ok, then: [ready = True, {release: m}]}]}
        """,
        """
        vars: {ready: false, seen: false}
        primitives: {m: Lock}
        threads:
          W: {steps: [{while: not seen, do: [{with: m, do: [seen = ready]}]}]}
          S: {steps: [{with: m, do: [ready = True]}]}
        """,
    ),
    "two polite threads": (
        ("livelock", "livelock"),
        """
        vars: {wants: [false, false]}
        threads:
          P: {count: 2, steps: ["wants[index] = True", {while: "wants[1 - index]", do: ["wants[index] = False", "wants[index] = True"]}, "wants[index] = False"]}
        """,
        """
        vars: {wants: [false, false], turn: 0}
        threads:
          P: {count: 2, steps: ["wants[index] = True", turn = 1 - index, {while: "wants[1 - index] and turn != index", do: [pass]}, "wants[index] = False"]}
        """,
    ),
    "nested monitor": (
        ("deadlock", "nested monitor"),
        """
        vars: {ready: false}
        primitives: {outer: Lock, c: Condition}
        threads:
          W: {steps: [{with: [outer, c], do: [{wait_for: c, until: ready}]}]}
          S: {steps: [{with: [outer, c], do: [ready = True, {notify: c}]}]}
        """,
        """
        vars: {ready: false}
        primitives: {outer: Lock, c: {Condition: outer}}
        threads:
          W: {steps: [{with: c, do: [{wait_for: c, until: ready}]}]}
          S: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
        """,
    ),
    "joining with a lock held": (
        ("deadlock", "joining with a lock held"),
        """
        primitives: {m: Lock}
        threads: {W: {steps: [{with: m, do: [pass]}]}}
        main: [{start: W}, {with: m, do: [{join: W}]}]
        """,
        """
        primitives: {m: Lock}
        threads: {W: {steps: [{with: m, do: [pass]}]}}
        main: [{start: W}, {with: m, do: [pass]}, {join: W}]
        """,
    ),
    "never released": (
        ("deadlock", "never released"),
        "primitives: {s: {Semaphore: 1}}\nthreads: {A: {steps: [{acquire: s}]}, B: {steps: [{with: s, do: [pass]}]}}",
        "primitives: {s: {Semaphore: 2}}\nthreads: {A: {steps: [{acquire: s}]}, B: {steps: [{with: s, do: [pass]}]}}",
    ),
    "two signals in the wrong order": (
        ("deadlock", "waiting for nothing"),
        """
        primitives: {a: {Semaphore: 0}, b: {Semaphore: 0}}
        threads: {A: {steps: [{acquire: b}, {release: a}]}, B: {steps: [{acquire: a}, {release: b}]}}
        """,
        """
        primitives: {a: {Semaphore: 0}, b: {Semaphore: 0}}
        threads: {A: {steps: [{release: a}, {acquire: b}]}, B: {steps: [{release: b}, {acquire: a}]}}
        """,
    ),
    "an item that never comes": (
        ("deadlock", "waiting for nothing"),
        "primitives: {q: Queue}\nthreads: {P: {steps: [{put: q, item: 1}]}, C: {count: 2, steps: [{get: q}]}}",
        "primitives: {q: Queue}\nthreads: {P: {count: 2, steps: [{put: q, item: 1}]}, C: {count: 2, steps: [{get: q}]}}",
    ),
    "a wait that returns by itself": (
        ("assert", "spurious wake-up"),
        """
        vars: {ready: false}
        primitives: {c: Condition}
        explore: {spurious: true}
        threads:
          W: {steps: [{with: c, do: [{if: not ready, then: [{wait: c}]}, {assert: ready}]}]}
          S: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
        """,
        """
        vars: {ready: false}
        primitives: {c: Condition}
        explore: {spurious: true}
        threads:
          W: {steps: [{with: c, do: [{while: not ready, do: [{wait: c}]}, {assert: ready}]}]}
          S: {steps: [{with: c, do: [ready = True, {notify: c}]}]}
        """,
    ),
    "backing off from a lock": (
        ("livelock", "livelock"),
        """
        primitives: {f: {array: 2, of: Lock}}
        threads:
          T:
            count: 2
            steps:
              - ok = False
              - while: not ok
                do:
                  - acquire: f[index]
                  - {acquire: "f[1 - index]", blocking: false, into: ok}
                  - {if: ok, then: [{release: "f[1 - index]"}]}
                  - release: f[index]
        """,
        """
        primitives: {f: {array: 2, of: Lock}}
        threads:
          T:
            count: 2
            steps:
              - ok = False
              - while: not ok
                do:
                  - acquire: f[0]
                  - {acquire: "f[1]", blocking: false, into: ok}
                  - {if: ok, then: [{release: "f[1]"}]}
                  - release: f[0]
        """,
    ),
    "a daemon that is left blocked": (
        ("deadlock", "waiting for nothing"),
        "primitives: {e: Event}\nthreads: {D: {steps: [{wait: e}]}, A: {steps: [pass]}}",
        "primitives: {e: Event}\nthreads: {D: {daemon: true, steps: [{wait: e}]}, A: {steps: [pass]}}",
    ),
    "a timer that is pending": (
        ("deadlock", "waiting for nothing"),
        """
        primitives: {e: Event}
        threads: {T: {timer: 1, steps: [{set: e}]}, W: {steps: [{wait: e}]}, C: {steps: [{cancel: T}]}}
        """,
        """
        primitives: {e: Event}
        threads: {T: {timer: 1, steps: [{set: e}]}, W: {steps: [{wait: e}]}}
        """,
    ),
}


@pytest.mark.parametrize("name", TWINS)
def test_the_bug_is_found_and_named(name: str) -> None:
    (kind, known), bug, _ = TWINS[name]
    made = program(bug)
    verdict = exploration_verdict(made, explore(made, judge=judge))
    assert verdict.word == "fails"
    assert verdict.evidence[0].failure.kind == kind
    named = pattern(verdict.evidence[0])
    assert (named.name if named else None) == known


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize("reduce", [True, False])
def test_its_twin_is_left_alone(name: str, reduce: bool) -> None:
    found = explored(TWINS[name][2], odds=False, reduce=reduce)
    assert found.exhausted
    assert not found.findings


@pytest.mark.parametrize("name", TWINS)
def test_a_reduction_hides_nothing(name: str) -> None:
    found = explored(TWINS[name][1], odds=False, reduce=False)
    assert TWINS[name][0][0] in {finding.failure.kind for finding in found.findings}
