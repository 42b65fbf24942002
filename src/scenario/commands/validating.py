"""`validate`: a file that compiles for each of its cases and runtimes is valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.commands.pipeline import Listener, Suite, report, stops
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.results.result import Report, Result, Verdict

ALL = Selection(())
"""Every warning, as a warning."""


def validate(files: Sequence[Loaded], listener: Listener, selection: Selection = ALL) -> Report:
    """One result a file."""
    suite = Suite("validate", listener)
    for file in files:
        if stops(suite.results, exitfirst=selection.exitfirst):
            break
        loaded = warned(file, selection)
        if loaded.fault is not None or loaded.invalid or loaded.unfit:
            suite.add_unfit(loaded)
        else:
            suite.add(_valid(loaded))
    return report("validate", files, suite.results, interrupted=False)


def warned(file: Loaded, selection: Selection) -> Loaded:
    """The file with what the static rules say of it, if it is valid; what is asked to be strict makes it invalid."""
    found = tuple(item for item in file.warnings or () if item.code not in selection.ignore)
    if selection.strict:
        found = tuple(replace(item, severity="error") for item in found)
    return replace(file, diagnostics=(*file.diagnostics, *found))


def _valid(loaded: Loaded) -> Result:
    return Result(
        loaded.file, Verdict("holds"), loaded.source, loaded.name, diagnostics=loaded.diagnostics, validated=True
    )
