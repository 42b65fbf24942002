"""From files to programs: read, selected by keyword and tag, compiled for each case or known from before.

What reads and compiles is imported for a file that is not kept (see `cache`): it is most of a command's start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from scenario.files.faults import attempted
from scenario.files.keyword import BadKeyword, keyword
from scenario.files.loaded import Files, Loaded
from scenario.files.options import Selection, UsageError
from scenario.files.selecting import STDIN, Selected, selected
from scenario.memory.cache import Cache
from scenario.spec.yaml.reading import read, receive


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while files are loaded: those that were by then, and the names of the others."""

    def __init__(self, files: Files, left: tuple[str, ...]) -> None:
        super().__init__()
        self.files, self.left = files, left


def load_all(selection: Selection, *, exploring: bool = False) -> Files:
    """All selected files. Raises UsageError for a bad `-k`, and for a `-p` that no selected file has; Interrupted."""
    found = Selected(())
    left: list[str] = []
    loaded: list[Loaded] = []
    try:
        found = selected(selection.paths, selection.exclude)
        left = [_shown(file, selection) for file in found.files]
        for file in _loaded(found.files, selection, exploring=exploring):
            del left[: left.index(file.file) + 1]  # before it are those that are not chosen
            loaded.append(file)
    except KeyboardInterrupt:
        raise Interrupted(Files(tuple(loaded), found.others), tuple(left)) from None
    return Files(tuple(loaded), found.others)


def _loaded(names: Iterable[str], selection: Selection, *, exploring: bool) -> Iterator[Loaded]:
    """One after the other; but what `-p` names is looked for in all of them before one is compiled."""
    cache = Cache(selection.allow_python, selection.runtimes, selection.params, exploring=exploring)
    chosen = _chosen((_known(file, cache) for file in _sources(names, selection)), selection)
    overrides: Mapping[str, object] = {}
    if selection.params:
        files = list(chosen)
        overrides = _overrides(selection) if any(file.model is not None for file in files) else {}
        _refuse_unknown(selection.params, files)
        chosen = iter(files)
    for file in chosen:
        yield _kept(file, cache, overrides, selection, exploring=exploring)


def compile_all(files: Iterable[Loaded], selection: Selection, *, exploring: bool = False) -> tuple[Loaded, ...]:
    """The files, compiled. Raises UsageError for a `-p` that none of them has."""
    from scenario.commands.loading.compiling import compiled

    chosen = list(files)
    overrides = _overrides(selection)
    _refuse_unknown(selection.params, chosen)
    return tuple(compiled(file, overrides, selection, exploring=exploring) for file in chosen)


def _overrides(selection: Selection) -> Mapping[str, object]:
    """The values of `-p`. Raises UsageError for what is none."""
    if not selection.params:
        return {}
    from scenario.commands.loading.compiling import override

    return {name: override(name, text) for name, text in selection.params.items()}


def load_models(selection: Selection) -> Files:
    """All selected files, not yet compiled. Raises UsageError for a bad `-k`."""
    found = selected(selection.paths, selection.exclude)
    loaded = [_read(file) for file in _sources(found.files, selection)]
    return Files(tuple(_chosen(loaded, selection)), found.others)


def _sources(files: Iterable[str], selection: Selection) -> Iterator[Loaded]:
    """Each file's text, or why it can not be read."""
    for file in files:
        shown = _shown(file, selection)
        yield attempted(Loaded(shown), partial(_source, file, shown))


def _shown(file: str, selection: Selection) -> str:
    return selection.stdin_name if file == STDIN else file


def _source(file: str, shown: str) -> Loaded:
    return Loaded(shown, receive(shown, sys.stdin) if file == STDIN else read(file))


def _read(file: Loaded) -> Loaded:
    if file.source is None:
        return file
    from scenario.commands.loading.reading import read_model

    return read_model(file.file, file.source)


def _known(file: Loaded, cache: Cache) -> Loaded:
    """The file as it is kept, or else read anew."""
    return (cache.get(file.source) if file.source else None) or _read(file)


def _kept(
    file: Loaded, cache: Cache, overrides: Mapping[str, object], selection: Selection, *, exploring: bool
) -> Loaded:
    """The file compiled, and kept if it is valid."""
    if file.model is None:
        return file
    from scenario.commands.loading.compiling import compiled

    made = compiled(file, overrides, selection, exploring=exploring)
    if made.programs:
        cache.put(made)
    return made


def _chosen(loaded: Iterable[Loaded], selection: Selection) -> Iterator[Loaded]:
    """Those that `-k` and `-t` ask for; what could not be loaded is never dropped in silence."""
    try:
        matches = keyword(selection.keyword) if selection.keyword.strip() else None
    except BadKeyword as error:
        raise UsageError(f"-k {selection.keyword!r}: {error}") from error
    for file in loaded:
        about = file.about
        if about is not None:
            if matches is not None and not matches((file.file, about.name, *about.tags)):
                continue
            if selection.tags and set(selection.tags).isdisjoint(about.tags):
                continue
        yield file


def _refuse_unknown(overrides: Mapping[str, object], files: Iterable[Loaded]) -> None:
    abouts = [file.about for file in files]
    if None in abouts or not abouts:  # the names are not all known; the report says what is wrong
        return
    known = frozenset().union(*(about.params for about in abouts if about))
    for name in overrides:
        if name not in known:
            hint = f"; there are: {', '.join(sorted(known))}" if known else ""
            raise UsageError(f"-p {name}: no selected file has a param of that name{hint}")
