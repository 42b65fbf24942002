"""A file that was loaded, compiled once more with params left open: for whoever speaks of them by name."""

from __future__ import annotations

from scenario.commands.compiling import override, read_model
from scenario.compile.opened import OpenFile
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.program.open import Open
from scenario.program.program import Program


def open_file(loaded: Loaded, selection: Selection, *, exploring: bool = True) -> OpenFile:
    """The file, of which a case may be had with any params left open."""
    assert loaded.source is not None, "what has programs has a text"
    model = read_model(loaded.file, loaded.source).model
    assert model is not None, "it was valid"
    overrides = {name: override(name, text) for name, text in selection.params.items()}
    return OpenFile(model, loaded.source, overrides, selection.allow_python, exploring)


def with_params(loaded: Loaded, program: Program, selection: Selection) -> Open:
    """A case as it is run, with every param by its name."""
    return open_file(loaded, selection, exploring=False).named(program)
