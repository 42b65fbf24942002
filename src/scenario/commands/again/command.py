"""One shell command that does it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from scenario.commands.pipeline import Case
from scenario.files.options import UNNAMED, Selection
from scenario.files.selecting import STDIN
from scenario.settings import Asked, ExploreOptions, Sampling


def command_line(command: str, case: Case, selection: Selection, flags: Sequence[str]) -> str:
    """`scenario run FILE -p workers=2 --seed 7`; a case is named by the params in which it differs."""
    import shlex  # noqa: PLC0415 (a run that holds does not show it)

    params = {name: text for name, text in selection.params.items() if name in case.program.params}
    for name, value in case.loaded.differing(case.program).items():
        params.setdefault(name, json.dumps(value, default=str))
    words = ["scenario", command, *_named(case.loaded.file, selection)]
    for name, text in params.items():
        words += ["-p", f"{name}={text}"]
    if (runtime := case.loaded.told_runtime(case.program)) is not None:
        words += ["--runtime", runtime]
    for module in sorted(selection.allow_python) if case.program.python else ():
        words += ["--allow-python", module]
    return shlex.join([*words, *flags])


def _named(file: str, selection: Selection) -> Iterator[str]:
    """The file as the command takes it: what came from standard input is piped in again."""
    if not is_piped(file, selection):
        yield file
        return
    yield STDIN
    if file != UNNAMED:
        yield from ("--stdin-filename", file)


def is_piped(file: str, selection: Selection) -> bool:
    """Whether it came from standard input, and is gone next time."""
    return STDIN in selection.paths and file == selection.stdin_name


LONGEST = 3000
"""Characters of a schedule that one would paste; a longer one is found in `.scenario/`."""


def replay_line(case: Case, selection: Selection, token: str, options: ExploreOptions) -> str:
    """`scenario replay FILE --schedule TOKEN`, with the params and settings for which it was found."""
    schedule = ["--schedule", token] if len(token) <= LONGEST else []
    own = case.program.settings
    chosen = own.with_those(options.asked).changed(own)
    return command_line("replay", case, selection, [*_settings(chosen), *schedule])


def flags(options: ExploreOptions) -> list[str]:
    """Those of explore that are not as they are by default."""
    odds, reduction = ["--odds"] if options.odds else [], [] if options.reduce else ["--no-reduction"]
    return [*_settings(options.asked), *odds, *reduction, *_sampling(options.sampling)]


def _sampling(sampling: Sampling | None) -> Iterator[str]:
    if sampling is not None:
        yield from ("--sample", str(sampling.walks), "--seed", str(sampling.seed))
        yield from () if sampling.depth is None else ("--pct", str(sampling.depth))


def _settings(asked: Asked) -> Iterator[str]:
    for name, value in asked.items():
        if isinstance(value, str):
            yield from (f"--{name}", value)
        else:
            yield f"--{name}" if value else f"--no-{name}"
