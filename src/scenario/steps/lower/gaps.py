"""Where an interrupt may come although no step begins there: what it raises meets other handlers, or locals, than at the next step.

Before each step of the file, behind each call whose value nothing keeps, and before what a call gave is stored: between any two of these places
CPython has bytecodes at which a signal's handler may run. What a thread does before its first step is done in the initial state,
and nothing comes behind its last.
"""

from __future__ import annotations

from scenario.record import mutable
from scenario.source import Span
from scenario.steps.code import AnyInstruction, Call, Enter, Gap, Leave, Operate, Step


@mutable
class Gaps:
    """Those of one body. One is asked for, and made where it turns out that no step follows at once.

    `has_begun`: whether a step comes before.
    """

    are_wanted: bool
    has_begun: bool
    _pending: Gap | None = None

    def ask(self, code: list[AnyInstruction], span: Span, handler: int | None, *, stores: bool) -> None:
        """For one behind the code; with `stores` only behind a call."""
        if self.are_wanted and self.has_begun and not (stores and not _is_a_call(code)):
            if self._pending is not None and self._pending.handler != handler:
                self.make(code)
            self._pending = Gap(span=span, handler=handler)

    def make_before(self, code: list[AnyInstruction], following: AnyInstruction, handler: int | None) -> None:
        """None before a step, where an interrupt comes in any case, nor at the end."""
        is_step = isinstance(following, Step)
        if self._pending is not None and (is_step or isinstance(following, Leave)) and self._pending.handler == handler:
            self._pending = None
        self.make(code)
        self.has_begun = self.has_begun or is_step

    def make(self, code: list[AnyInstruction]) -> None:
        """Here another way comes in."""
        if self._pending is not None:
            code.append(self._pending)
            self._pending = None


def _is_a_call(code: list[AnyInstruction]) -> bool:
    return bool(code) and isinstance(code[-1], Operate | Call | Enter)
