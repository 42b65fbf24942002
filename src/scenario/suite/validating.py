"""`validate`: a file that compiles for each of its cases is valid."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.run.result import Report, Result, Verdict
from scenario.suite.loading import Loaded
from scenario.suite.pipeline import Listener, Suite


def validate(files: Sequence[Loaded], listener: Listener) -> Report:
    """One result a file."""
    suite = Suite("validate", listener)
    for loaded in files:
        if loaded.fault is not None or loaded.invalid:
            suite.add_unfit(loaded)
        else:
            suite.add(_valid(loaded))
    return Report("validate", tuple(suite.results))


def _valid(loaded: Loaded) -> Result:
    name = loaded.model.name if loaded.model else None
    return Result(loaded.file, Verdict("holds"), loaded.source, name, diagnostics=loaded.diagnostics, validated=True)
