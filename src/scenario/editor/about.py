"""What a name is, in a word and in a sentence."""

from __future__ import annotations

from scenario import syntax
from scenario.editor.symbols import Symbol
from scenario.language.primitives import KINDS
from scenario.program.show import expression
from scenario.spec.primitives import Array
from scenario.spec.recovery import is_unknown
from scenario.spec.scenario import Scenario


def about(model: Scenario, symbol: Symbol) -> tuple[str, str]:
    """(`lock`, `Lock`, …), and what an editor shows."""
    name = symbol.name
    if symbol.scope:
        if symbol.scope in model.routines and name in model.routines[symbol.scope].params:
            return "parameter", f"`{name}`: a parameter of `{symbol.scope}`"
        return "local", f"`{name}`: a local of `{symbol.scope}`"
    if name in model.params:
        return (
            "param",
            f"`{name}` = {_value(model.params[name])}: a param, the same throughout a run; `-p {name}=…` gives another",
        )
    if name in model.vars:
        return "var", f"`{name}`: a variable that all threads share; at first {_value(model.vars[name])}"
    if name in model.primitives:
        return _primitive(model, name)
    if name in model.routines:
        return "routine", f"`{name}({', '.join(model.routines[name].params)})`: a routine"
    if name in model.threads:
        return _thread(model, name)
    where = model.python[name]
    return "python", f"`{name}`: your own `{where.module}:{where.attribute}`"


def _value(tree: syntax.Expr) -> str:
    return "?" if _is_unknown(tree) else f"`{expression(tree)}`"


def _is_unknown(tree: syntax.Expr | None) -> bool:
    return isinstance(tree, syntax.Name) and is_unknown(tree.id)


def _primitive(model: Scenario, name: str) -> tuple[str, str]:
    given = model.primitives[name]
    kind = given.of.kind if isinstance(given, Array) else given.kind
    if kind not in KINDS:
        return "primitive", f"`{name}`: a primitive"
    many = f"an array of {_value(given.size)}: each " if isinstance(given, Array) else ""
    return kind, f"`{name}`: {many}{KINDS[kind].about}"


def _thread(model: Scenario, name: str) -> tuple[str, str]:
    given = model.threads[name]
    noun = "timer" if given.timer is not None else "thread"
    count = "" if given.count is None else f"{_value(given.count)} of them: `{name}[0]` and so on"
    return noun, f"`{name}`: a {noun}{' (daemon)' if given.daemon is not None else ''}{f'; {count}' if count else ''}"
