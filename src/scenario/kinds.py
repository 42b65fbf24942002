"""The closed vocabularies that every floor shares: kinds of failure, names of patterns."""

from typing import Literal, TypeAlias

FailureKind = Literal[
    "final", "sometimes", "always", "reachable", "output", "order", "error", "assert", "raises",
    "deadlock", "livelock", "elapsed", "outcome", "timeout", "fails",
]  # fmt: skip

PatternName: TypeAlias = Literal[
    "AB/BA", "lock cycle", "self-deadlock", "joining in a circle", "joining with a lock held", "pool self-deadlock",
    "nested monitor", "waiting with a lock held", "going round with a lock held", "never released", "missed signal",
    "lost wake-up", "wrong waiter", "one of several notified", "barrier short of parties", "waiting for nothing",
    "lost update", "check-then-act", "stale value", "section too short", "torn read", "polling while holding a lock",
    "spurious wake-up", "`if` for `while`",
    "over-release", "done too often", "used after its shutdown", "joining itself",
    "livelock", "livelock by polling", "trying in vain", "starvation",
]  # fmt: skip
"""The well-known patterns behind failures, as the field calls them."""
