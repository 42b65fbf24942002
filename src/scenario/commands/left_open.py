"""Which params of a file are left open, as the file or the command line asks for all their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.files.loaded import Loaded
from scenario.files.options import Selection, UsageError
from scenario.language.runtimes import RUNTIMES
from scenario.program.program import Program
from scenario.settings import ExploreOptions


def left_open(program: Program, options: ExploreOptions, selection: Selection) -> tuple[str, ...]:
    """Those of a case: those that are asked for, or else the file's own that have no `-p`; none where one size is asked about."""
    if _one_size(options) or program.runtime != RUNTIMES[0]:
        return ()
    names = options.for_all or tuple(name for name in program.for_all if name not in selection.params)
    return tuple(dict.fromkeys(name for name in names if name in program.params))


def _one_size(options: ExploreOptions) -> bool:
    return bool(options.odds or options.sampling or not options.reduce)


def refuse_unknown(options: ExploreOptions, files: Sequence[Loaded], selection: Selection) -> None:
    """Raises UsageError for a name that no selected file has, that has one value by `-p`, or that is no number."""
    if options.for_all and _one_size(options):
        raise UsageError("--for-all proves for all sizes: --odds, --sample and --no-reduction are about one")
    programs = [program for file in files for program in file.chosen]
    for name in options.for_all:
        values = [program.params[name] for program in programs if name in program.params]
        if name in selection.params:
            raise UsageError(f"--for-all {name}: -p {name} gives it one value")
        if programs and not values:
            raise UsageError(f"--for-all {name}: no selected file has a param of that name")
        if any(type(value) is not int for value in values):
            raise UsageError(f"--for-all {name}: it is no whole number: of others there is no `all`")


def distinct(file: Loaded, options: ExploreOptions, selection: Selection) -> Loaded:
    """The file with its cases, of those that differ only in what is left open the first."""
    kept: dict[object, Program] = {}
    for program in file.chosen:
        names = left_open(program, options, selection)
        rest = {name: value for name, value in program.params.items() if name not in names}
        kept.setdefault(repr(rest) if names else program.identity, program)
    return replace(file, programs=tuple(kept.values()), only=None) if len(kept) < len(file.chosen) else file
