"""The closed vocabularies that every floor shares: kinds of failure."""

from typing import Literal

FailureKind = Literal[
    "final", "sometimes", "always", "reachable", "output", "order", "error", "assert", "raises",
    "deadlock", "livelock", "elapsed", "outcome", "timeout", "fails",
]  # fmt: skip
