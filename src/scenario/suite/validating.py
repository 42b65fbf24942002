"""`validate`: a file that compiles for each of its cases is valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.rules.check import warnings
from scenario.run.result import Report, Result, Verdict
from scenario.suite.faults import described
from scenario.suite.loading import Loaded
from scenario.suite.options import Selection
from scenario.suite.pipeline import Listener, Suite

ALL = Selection(())
"""Every warning, as a warning."""


def validate(files: Sequence[Loaded], listener: Listener, selection: Selection = ALL) -> Report:
    """One result a file."""
    suite = Suite("validate", listener)
    for file in files:
        loaded = warned(file, selection)
        if loaded.fault is not None or loaded.invalid:
            suite.add_unfit(loaded)
        else:
            suite.add(_valid(loaded))
    return Report("validate", tuple(suite.results))


def warned(file: Loaded, selection: Selection) -> Loaded:
    """The file with what the static rules say of it, if it is valid; what is asked to be strict makes it invalid."""
    if file.source is None or file.fault is not None or file.invalid:
        return file
    try:
        found = warnings(file.programs, file.source, selection.ignore)
    except Exception as error:  # noqa: BLE001 (a fault of ours is reported, and the other files go on)
        return replace(file, fault=described(error))
    if selection.strict:
        found = tuple(replace(item, severity="error") for item in found)
    return replace(file, diagnostics=(*file.diagnostics, *found))


def _valid(loaded: Loaded) -> Result:
    name = loaded.model.name if loaded.model else None
    return Result(loaded.file, Verdict("holds"), loaded.source, name, diagnostics=loaded.diagnostics, validated=True)
