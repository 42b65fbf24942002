"""Claims that are expressions over the final state: `final`, `sometimes`, `outcomes` and the columns of `observe`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scenario.judge.explain import explain
from scenario.program.bounded.limits import Refused
from scenario.program.claims import Claim, Claims, OutcomeRow
from scenario.program.evaluate import Environment, Raised, evaluate, tried
from scenario.program.program import Program
from scenario.program.refusal import invalid
from scenario.program.whole import named
from scenario.results.failures import Error, Failure, FinalFalse, Forbidden, Operand, Unlabelled, Untrue


class Truth(NamedTuple):
    """Whether a claim holds; `error` is what it raised, and then it does not."""

    holds: bool
    error: BaseException | None = None


def truth(claim: Claim, environment: Environment) -> Truth:
    """What the claim raises makes it false."""
    answer = _asked(claim, environment)
    return Truth(holds=False, error=answer.error) if isinstance(answer, Raised) else Truth(bool(answer))


def final_failures(program: Program, environment: Environment) -> Iterator[Failure]:
    for claim in program.claims.final:
        verdict = truth(claim, environment)
        if not verdict.holds:
            yield Failure(why_false(claim, verdict, environment), claim.span, about=named(program, [claim]))


def why_false(claim: Claim, verdict: Truth, environment: Environment) -> FinalFalse:
    """The claim as written, and the values that it had or what it raised."""
    return FinalFalse(claim.text, explain(claim, environment), None if verdict.error is None else _fact(verdict.error))


def _fact(error: BaseException) -> Error:
    return Error(type(error).__name__, str(error))


def sometimes_seen(claims: Claims, environment: Environment) -> tuple[frozenset[int], frozenset[Untrue]]:
    """The numbers of those that hold, and those that do not because they raise."""
    truths = [truth(claim, environment) for claim in claims.sometimes]
    return (
        frozenset(i for i, one in enumerate(truths) if one.holds),
        frozenset(Untrue("sometimes", i, _fact(one.error)) for i, one in enumerate(truths) if one.error is not None),
    )


def observed(program: Program, environment: Environment) -> tuple[tuple[str, object], ...]:
    """The columns of the outcome table; where one raises, the exception's name is its value."""
    columns = program.claims.observe
    if columns is None:
        return tuple((var.name, environment.shared(var.name)) for var in program.vars)
    return tuple((column.text, _observe(column, environment)) for column in columns)


def _observe(column: Claim, environment: Environment) -> object:
    answer = _asked(column, environment)
    return type(answer.error).__name__ if isinstance(answer, Raised) else answer


def _asked(claim: Claim, environment: Environment) -> object:
    """The value, or what was raised. Raises InvalidScenario past a bound."""
    try:
        return tried(lambda: evaluate(claim.expr, environment))
    except Refused as refused:
        raise invalid(refused, claim.span) from None


class Labelled(NamedTuple):
    row: OutcomeRow | None = None
    failure: Failure | None = None
    raised: tuple[Operand, ...] = ()
    """The `when`s before it that are false because they raised."""


def labelled(program: Program, environment: Environment) -> Labelled:
    """The row of `outcomes` whose `when` is true first, and what is wrong with it or with there being none."""
    rows = program.claims.outcomes
    if rows is None:
        return Labelled()
    raised = []
    for row in rows:
        verdict = truth(row.when, environment)
        if verdict.error is not None:
            raised.append(Operand(row.when.text, raised=type(verdict.error).__name__))
        if verdict.holds:
            failure = _forbidden(program, row, environment) if row.rating == "forbidden" else None
            return Labelled(row, failure, tuple(raised))
    values = tuple(Operand(text, repr(value)) for text, value in observed(program, environment))
    span = rows[0].span if rows else program.claims.at
    return Labelled(None, Failure(Unlabelled(values, tuple(raised)), span, about=_observed_names(program)))


def _observed_names(program: Program) -> tuple[str, ...]:
    columns = program.claims.observe
    if columns is None:
        return tuple(var.name for var in program.vars)
    return named(program, columns)


def _forbidden(program: Program, row: OutcomeRow, environment: Environment) -> Failure:
    fact = Forbidden(row.when.text, row.because, explain(row.when, environment))
    return Failure(fact, row.span, about=named(program, [row.when]))
