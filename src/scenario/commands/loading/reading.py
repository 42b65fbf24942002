"""One file from its text to its model: understood, and not yet compiled.

It comes before what compiles, and imports nothing of it: imports that lie too deep make CPython map and unmap a piece of its stack
at each call that crosses the piece's end, 1,500 times while pydantic is imported.
"""

from __future__ import annotations

from scenario.files.faults import attempted
from scenario.files.loaded import About, Loaded
from scenario.language.runtimes import RUNTIMES
from scenario.source import Source
from scenario.spec.load import understood
from scenario.spec.scenario import Scenario


def read_model(file: str, source: Source) -> Loaded:
    """The file, not yet compiled."""
    return attempted(Loaded(file, source), lambda: _understood(file, source))


def _understood(file: str, source: Source) -> Loaded:
    model = understood(source)
    if model.mistakes:
        return Loaded(file, source, model=model, diagnostics=model.mistakes)
    return Loaded(file, source, _about(model), model)


def _about(model: Scenario) -> About:
    from scenario.compile import param_names

    line = model.key_spans["scenario"].line
    return About(
        str(model.name),
        model.description or "",
        tuple(model.tags),
        param_names(model),
        line,
        model.runtimes or RUNTIMES[:1],
    )
