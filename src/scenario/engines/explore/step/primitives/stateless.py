"""What has no state of its own: `local` (each thread has its fields), a future (it is in a table), a process pool (not explored)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from scenario.engines.explore.step.primitives.model import Impersonal, Standing, Steps
from scenario.results.waiting import Wait


class StatelessModel(Impersonal):
    """No operation is on it."""

    steps: ClassVar[Steps] = {}

    def first(self) -> None:
        return None

    def asked(self, _: Sequence[object]) -> Mapping[str, object]:
        return {}

    def taken(self, _: None) -> int:
        return 0

    def touched(self) -> None:
        return None

    def wait(self, _: Standing) -> Wait:
        return Wait("turn")
