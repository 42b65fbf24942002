"""Every rule with a page, whichever floor has it: they register themselves when their modules are imported."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from scenario.diagnostics import RULES, Rule

_PLACES = (
    "scenario.spec.rules",
    "scenario.compile.rules",
    "scenario.program.rules",
    "scenario.lint.check",
    "scenario.export.rules",
    "scenario.engines.threads.rules",
)


def catalogue() -> Mapping[str, Rule]:
    """Code -> rule."""
    for module in _PLACES:
        import_module(module)
    return RULES
