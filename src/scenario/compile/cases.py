"""Which sets of params a file stands for: `params`, one of `cases`, `explore.params`, the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from scenario.compile import codes
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.names.scope import UNKNOWN
from scenario.diagnostics import Instead
from scenario.source import Span
from scenario.spec.scenario import Scenario
from scenario.syntax import Const, Expr

Raw: TypeAlias = Mapping[str, Expr]
"""Params before anything in them is computed."""


def raw_cases(model: Scenario, overrides: Mapping[str, object], found: Findings, *, exploring: bool) -> list[Raw]:
    """The params of each case, weakest first; overrides of names that the file has not are left out."""
    strong: dict[str, Expr] = {}
    explore = model.explore
    if explore:
        known = [name for name in explore.params if _known(model, name, explore.entry("params", name), found)]
        strong.update({name: explore.params[name] for name in known if exploring})
    strong.update({name: Const(value) for name, value in overrides.items() if name in model.params})
    return [{**model.params, **case, **strong} for case in _cases(model, found)]


def check_open(model: Scenario, name: str, params: Mapping[str, object], span: Span, found: Findings) -> None:
    """A param that is left open is one of the file, and its values are whole numbers."""
    value = params.get(name, UNKNOWN) if _known(model, name, span, found) else UNKNOWN
    if value is not UNKNOWN and type(value) is not int:
        found.add(codes.PARAM, f"`{name}` is no whole number: of others there is no `all`", span)


def _cases(model: Scenario, found: Findings) -> list[dict[str, Expr]]:
    cases = []
    for number, case in enumerate(model.cases or ({},)):
        kept = {name: value for name, value in case.items() if _known(model, name, _span(model, number, name), found)}
        cases.append(kept)
    return cases


def _span(model: Scenario, number: int, name: str) -> Span:
    return model.item_entry("cases", number, name)


def _known(model: Scenario, name: str, span: Span, found: Findings) -> bool:
    if name in model.params:
        return True
    if model.doubts(name):
        return False
    near = did_you_mean(name, model.params)
    hint = Instead(name, near) if near else "declare it under `params`, with its usual value"
    found.add(codes.PARAM, f"there is no param `{name}`", span, hint)
    return False
