"""Which schedules a replay is asked for: a token with its file, one that is kept, the failures in a file of results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scenario.engines.explore.again import unknown_threads
from scenario.files.loaded import Loaded
from scenario.files.options import UsageError
from scenario.memory.kept import kept_anywhere
from scenario.record import record
from scenario.regular import is_there, text
from scenario.results.token import BadToken, decode
from scenario.settings import Asked, ExploreOptions, Settings, named

LARGEST = 1 << 28
"""Bytes of a file of results that is read."""
TOKEN = re.compile(r"\d+:[0-9a-f]*:\S*")


@record
class Request:
    """What is asked for beyond the files: a schedule with its file and params."""

    file: str
    params: dict[str, str]
    token: str
    options: ExploreOptions


def of_digest(file: Loaded, token: str) -> Loaded:
    """The file with that case alone for which the schedule was made. Raises UsageError where there is none."""
    try:
        schedule = decode(token)
    except BadToken as error:
        raise UsageError(str(error)) from error
    if file.invalid or file.fault is not None:
        return file
    programs = tuple(program for program in file.programs if program.digest == schedule.digest)
    if not programs:
        now = ", ".join(program.digest for program in file.programs) or "none"
        raise UsageError(
            f"this schedule belongs to another version of {file.file}, or to other params (-p): "
            f"it was made for {schedule.digest or 'nothing'}, and the file is {now} now. Explore it again."
        )
    for program in programs:
        if unknown := unknown_threads(program, schedule):
            raise UsageError(f"this schedule moves {', '.join(unknown)}, and {file.file} has no such thread")
    return replace(file, programs=programs, unfit=())


def requested(paths: Sequence[str], options: ExploreOptions) -> tuple[tuple[str, ...], list[Request]]:
    """What is no scenario file among the paths: tokens, and results in JSON. Raises UsageError."""
    files: list[str] = []
    requests: list[Request] = []
    for path in paths:
        if TOKEN.fullmatch(path) and not is_there(path):
            requests.append(_by_token(path))
        elif path.endswith((".json", ".jsonl")) and (results := _results(path)) is not None:
            requests += _by_results(path, results, options)
        else:
            files.append(path)
    return tuple(files), requests


def _by_token(token: str) -> Request:
    one = kept_anywhere(token)
    if one is None:
        raise UsageError(
            "no failure with this schedule is kept in .scenario/ here: name its file, "
            f"scenario replay FILE --schedule {token if len(token) < 80 else 'TOKEN'}"
        )
    return Request(one.file, dict(one.params), one.schedule, ExploreOptions(asked=one.settings.by_name()))


def _results(path: str) -> list[object] | None:
    """The results of a file that an earlier command wrote; None where it is something else."""
    try:
        written = text(path, LARGEST)
        if path.endswith(".jsonl"):
            return [json.loads(line) for line in written.splitlines() if line.strip()]
        content = json.loads(written)
    except (OSError, ValueError, RecursionError):
        return None
    return content["results"] if isinstance(content, dict) and isinstance(content.get("results"), list) else None


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _asked(path: str, search: dict[str, object]) -> Asked:
    """The settings under which a result was found."""
    try:
        return Settings().with_those(named(search)).by_name()
    except ValueError as wrong:
        raise UsageError(f"{path}: {wrong}") from wrong


def _by_results(path: str, results: list[object], options: ExploreOptions) -> Iterator[Request]:
    found = False
    for result in map(_mapping, results):
        failures = result.get("failures")
        for failure in map(_mapping, failures if isinstance(failures, list) else ()):
            if failure.get("schedule"):
                found = True
                settings = replace(options, asked=_asked(path, _mapping(result.get("search"))))
                params = {name: json.dumps(value) for name, value in _mapping(result.get("params")).items()}
                yield Request(str(result.get("file")), params, str(failure["schedule"]), settings)
    if not found:
        raise UsageError(f"{path}: none of these results has a schedule")
