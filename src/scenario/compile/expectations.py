"""`expect` as written -> claims: names resolved against the finished program."""

from __future__ import annotations

from typing import Any, Literal, cast

from scenario.compile import codes
from scenario.compile.constants import Evaluator
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.names.objects import element
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import ELEMENT, Names, Place, Scope
from scenario.diagnostics import Instead
from scenario.program import claims
from scenario.program.program import element_name
from scenario.source import START, Span
from scenario.spec import expectations as spec
from scenario.spec.readers.expressions import Claim
from scenario.syntax import Const, Expr, Ref


class Expectations:
    """Lowers `expect` of one case."""

    def __init__(self, names: Names, resolver: Resolver, evaluator: Evaluator, found: Findings) -> None:
        self.names = names
        self.resolver = resolver
        self.evaluator = evaluator
        self.found = found

    def lower(self, model: spec.Expect | None) -> claims.Claims:
        """The claims; defaults where there is no `expect`."""
        if model is None:
            return claims.Claims()
        return claims.Claims(
            final=self._all(model.final, "final"),
            sometimes=self._all(model.sometimes, "final"),
            always=self._all(model.always, "state"),
            reachable=self._all(model.reachable, "state"),
            output=self._output(model),
            order=tuple([self._chain(model, number) for number in range(len(model.order))]),
            errors=tuple([self._error(error) for error in model.errors]),
            deadlock=self._deadlock(model.deadlock),
            livelock=cast("Literal['never', 'possible']", model.livelock),
            elapsed=self._elapsed(model.elapsed),
            fails=cast("Any", model.fails),
            observe=None if model.observe is None else self._all(model.observe, "final"),
            outcomes=None if model.outcomes is None else tuple([self._row(row) for row in model.outcomes]),
            at=model.span,
            fails_at=model.at("fails"),
        )

    def _all(self, given: tuple[Claim, ...], place: Place) -> tuple[claims.Claim, ...]:
        return tuple([self._claim(claim, place) for claim in given])

    def _claim(self, claim: Claim, place: Place) -> claims.Claim:
        return claims.Claim(claim.text, self.resolver.expr(claim.expr, Scope(place)), span=claim.span)

    def _row(self, row: spec.Row) -> claims.OutcomeRow:
        rating = cast("Literal['acceptable', 'interesting', 'forbidden']", row.rating)
        return claims.OutcomeRow(self._claim(row.when, "final"), rating, row.because, span=row.when.span)

    def _output(self, model: spec.Expect) -> claims.Output | None:
        output = model.output
        if output is None:
            return None
        unordered = None if output.unordered is None else _words(output, "unordered", output.unordered)
        contains, absent = _words(output, "contains", output.contains), _words(output, "absent", output.absent)
        return claims.Output(output.lines, unordered, contains, absent, span=model.at("output"))

    def _chain(self, model: spec.Expect, number: int) -> tuple[claims.Words, ...]:
        marks = enumerate(model.order[number])
        return tuple([claims.Words(text, span=model.item_at("order", number, at)) for at, text in marks])

    def _elapsed(self, model: spec.Elapsed | None) -> claims.Elapsed | None:
        if model is None:
            return None
        return claims.Elapsed(self._seconds(model.at_least), self._seconds(model.at_most), span=model.span)

    def _seconds(self, node: Expr | None) -> float | None:
        if node is None:
            return None
        count = self.found.count
        value = self.evaluator.value(node)
        if self.found.count > count:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.found.add(codes.COMPUTED, f"`elapsed` compares with a number of seconds, not {value!r}", node.span)
        return None

    # --- threads ------------------------------------------------------------------------------------------

    def _error(self, error: spec.Error) -> claims.ErrorClaim:
        thread = self._thread(error.thread, error.span)
        for name in error.exceptions:
            self.resolver.notes.exception(name, error.span)
            if name == "SystemExit":
                message = "no thread ends with SystemExit as an error: it ends quietly, as in Python"
                self.found.add(codes.EXPECTED_EXIT, message, error.span, "leave it out: a thread may always end so")
        return claims.ErrorClaim(thread, error.exceptions, error.possible, span=error.span)

    def _deadlock(self, model: spec.Deadlock) -> claims.DeadlockClaim:
        mode = cast("Literal['never', 'possible', 'always']", model.mode)
        if model.threads is None:
            return claims.DeadlockClaim(mode, span=model.span)
        stuck = [name for ref in model.threads for name in self._members(ref)]
        return claims.DeadlockClaim(mode, frozenset(stuck), span=model.span)

    def _members(self, ref: Ref) -> list[str]:
        """A thread's ref as text; a group's name stands for its members."""
        thread = self._thread(ref, ref.span)
        thing = self.names.get(ref.name)
        if thing is None or thing.size is None:
            return [ref.name]
        if isinstance(thread.index, Const) and isinstance(thread.index.value, int):
            return [element_name(ref.name, thread.index.value)]
        return [element_name(ref.name, index) for index in range(thing.size)]

    def _thread(self, ref: Ref, span: Span) -> Ref:
        """The thread, with its index computed."""
        if ref.name == "main":
            return Ref("main", span=span)
        thing = self.names.get(ref.name)
        if thing is None and self.names.doubts(ref.name):
            self.found.follows()
            return ref
        if thing is None or thing.role != "thread":
            near = did_you_mean(ref.name, [*self.names.named("thread"), "main"])
            message = f"`{ref.name}` is {thing.words()}, no thread" if thing else f"there is no thread `{ref.name}`"
            self.found.add(codes.EXPECTED_THREAD, message, span if ref.span == START else ref.span,
                           Instead(ref.name, near) if near else None)  # fmt: skip
            return ref
        if ref.index is None:
            return Ref(ref.name, span=span)
        count = self.found.count
        value = self.evaluator.value(ref.index)
        index = None if self.found.count > count else Const(value, span=ref.index.span)
        return element(self.resolver, thing, index, ref.span, ELEMENT, whole=True)


def _words(output: spec.Output, key: str, texts: tuple[str, ...]) -> tuple[claims.Words, ...]:
    return tuple([claims.Words(text, span=output.item_at(key, at)) for at, text in enumerate(texts)])
