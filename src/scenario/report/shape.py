"""Results as one JSON shape, the same for every command: what does not apply is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from scenario.diagnostics import Diagnostic
from scenario.report.code import covered
from scenario.report.steps import steps
from scenario.report.values import json_value, json_values
from scenario.report.words.failures import message
from scenario.report.words.ways import words as words_of_way
from scenario.results.code import Access
from scenario.results.exploration import Exploration, Odds, Row
from scenario.results.failures import Failure
from scenario.results.for_all import ForAll, Outside, Proved, Refuted
from scenario.results.result import Evidence, Result, Search
from scenario.results.sample import CONFIDENCE, Sample

FORMAT = 1
"""The version of this shape."""


def result_object(result: Result) -> dict[str, object]:
    """One result of `results`."""
    odds = result.search is not None and result.search.exploration.odds
    table = [_row(row, odds=odds) for row in result.rows]
    shape: dict[str, object] = {
        "file": result.file,
        "scenario": result.scenario,
        "runtime": result.runtime,
        "params": None if result.params is None else json_values(result.params),
        "verdict": result.verdict.word,
        "reasons": list(result.verdict.reasons) or None,
        "failures": [*_failures(result)],
        "warnings": [_diagnostic(d, result.file) for d in result.diagnostics if d.severity == "warning"] or None,
        "outcomes": table or None,
        "final": None if result.final is None else json_values(result.final),
        "output": None if result.output is None else list(result.output),
        "elapsed": result.elapsed,
        "seed": result.seed,
        "search": _search(result.search) if result.search else None,
        "fault": result.fault,
    }
    return _present(shape)


def _present(shape: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in shape.items() if value is not None}


def _failures(result: Result) -> Iterator[dict[str, object]]:
    for diagnostic in result.diagnostics:
        if diagnostic.severity == "error":
            yield _diagnostic(diagnostic, result.file)
    for evidence in result.verdict.evidence:
        yield _failure(evidence, result.file)


def _diagnostic(diagnostic: Diagnostic, file: str) -> dict[str, object]:
    shape = {"kind": diagnostic.code, "message": diagnostic.message, **_place(diagnostic, file)}
    return _present({**shape, "help": diagnostic.hint})


def _failure(evidence: Evidence, file: str) -> dict[str, object]:
    failure = evidence.failure
    shape = {"kind": failure.kind, "message": message(failure), **_place(failure, file)}
    return _present({**shape, "thread": failure.thread, "schedule": evidence.token, **_way(evidence)})


def _way(evidence: Evidence) -> dict[str, object]:
    """The way to the failure, as far as it is known, and what was left of it."""
    schedule = evidence.schedule
    found: dict[str, object] = {"steps": steps(evidence) or None}
    found["going_round"] = [
        {"thread": one.thread, "line": one.first.line, "end_line": one.last.line} for one in evidence.going
    ] or None
    if schedule is not None:
        found["cycle"] = None if schedule.cycle is None else schedule.cycle + 1
        found["rest"] = list(schedule.rest) or None
        found["vars"] = json_values(evidence.shared) or None
        found["locals"] = {thread: json_values(named) for thread, named in schedule.locals.items()} or None
    return found


def _place(at: Diagnostic | Failure, file: str) -> dict[str, object]:
    return {"file": file, "line": at.span.line, "column": at.span.column}


def _row(row: Row, *, odds: bool) -> dict[str, object]:
    shape = {
        "values": json_values(dict(row.values)),
        "end": row.end,
        "is": row.label,
        "because": row.because,
        "raised": {one.text: one.raised for one in row.raised} or None,
        "runs": row.runs,
    }
    return {**_present(shape), **(_odds(row) if odds else {})}


def _odds(odds: Row | Odds) -> dict[str, object]:
    """The number is null on a cyclic graph; a probability above a stated size is left out."""
    count = odds.interleavings
    shape = {
        "probability": None if odds.probability is None else str(odds.probability),
        "preemptions": odds.preemptions,
    }
    return {"interleavings": None if count is None else str(count), **_present(shape)}


def _search(search: Search) -> dict[str, object]:
    exploration = search.exploration
    shape = {
        "states": json_value(exploration.states),
        "steps": json_value(exploration.steps),
        "exhausted": exploration.exhausted,
        "reductions": list(map(words_of_way, exploration.reductions)),
        **search.settings.by_name(),
    }
    if search.for_all is not None:
        shape["for_all"] = _for_all(search.for_all)
    if exploration.sample is not None:
        del shape["states"]  # they are not counted
        shape["sample"] = _sample(exploration.sample)
    if exploration.code is not None:
        del shape["states"], shape["steps"]  # own code has none: it is executed
    return {
        **shape,
        **_of_code(exploration),
        **_undecided(exploration),
        **_without_effect(exploration),
        **_all_odds(exploration),
    }


def _of_code(exploration: Exploration) -> dict[str, object]:
    """What was covered of a file with own code, and the data races, if they were looked for."""
    of, races = exploration.code, exploration.races
    if of is None:
        return {}
    found: dict[str, object] = {"executions": of.executions, "covered": covered(of)}
    if of.kind in ("interleavings", "classes"):
        found["interleavings"] = str(of.count)
    if of.kind == "preemptions":
        found["preemptions"] = of.bound
    if races is not None:
        found["races"] = [[_access(race.one), _access(race.other)] for race in races]
    return found


def _access(access: Access) -> dict[str, object]:
    return {"file": access.file, "line": access.line, "operation": access.verb, "object": access.target}


def _for_all(known: ForAll) -> dict[str, object]:
    """The least values that it is claimed from; what has proved it, or where it fails first, or how far it was searched."""
    shape: dict[str, object] = {"least": dict(known.least)}
    match known.answer:
        case Proved(ways):
            return {**shape, "proved_by": list(map(words_of_way, ways))}
        case Refuted(values):
            return {**shape, "fails_at": dict(values)}
        case Outside(reasons):
            outside = [{"line": one.span.line, "column": one.span.column, "what": one.what} for one in reasons]
            return {**shape, "outside": outside, "searched": known.searched}
        case _:
            assert_never(known.answer)


def _sample(sample: Sample) -> dict[str, object]:
    """What `--sample` has drawn, and the estimate: `interval` has the probability that a walk is bad."""
    weighed, bound, count = sample.weighed, sample.bound, sample.interleavings
    shape = {
        "way": sample.way,
        "seed": sample.seed,
        "asked": sample.asked,
        "walks": sample.walks,
        "bad": sample.bad,
        "without_end": sample.cut,
        "estimate": sample.share,
        "interval": [sample.low, sample.high],
        "confidence": CONFIDENCE,
        "interleavings": None if count is None else str(count),
        "weighed": weighed and {"share": weighed.share, "effective": weighed.effective},
        "bound": bound
        and {"depth": bound.depth, "threads": bound.threads, "length": bound.length, "probability": bound.of_one},
    }
    return _present(shape)


def _without_effect(exploration: Exploration) -> dict[str, object]:
    """Steps that no interleaving reaches, and claims that none could break."""
    unreached = [
        {"line": span.line, "column": span.column, "end_line": span.end_line} for span in exploration.unreached
    ]
    vacuous = [
        {"text": claim.text, "line": claim.span.line, "column": claim.span.column, "why": claim.why}
        for claim in exploration.vacuous
    ]
    return _present({"unreached": unreached or None, "vacuous": vacuous or None})


def _undecided(exploration: Exploration) -> dict[str, object]:
    """How far a search came that did not cover everything, and what its states differ in."""
    if exploration.exhausted or not exploration.undecided:
        return {}
    varied = [{"kind": each.kind, "name": each.name, "values": each.values} for each in exploration.sources]
    return _present({"covered_steps": exploration.covered or None, "sources": varied or None})


def _all_odds(exploration: Exploration) -> dict[str, object]:
    """With `--odds`: how many interleavings there are (null on a cyclic graph), and those of all bad ones."""
    if not exploration.odds:
        return {}
    count = exploration.interleavings
    shape: dict[str, object] = {"interleavings": None if count is None else str(count)}
    if exploration.bad is not None:
        shape["bad"] = _odds(exploration.bad)
    return shape
