"""Failures that were found, kept in `.scenario/` of the current directory, and never anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from scenario.memory.seal import seal
from scenario.program.program import Program
from scenario.record import record
from scenario.regular import replace_content, text
from scenario.results.exploration import Exploration
from scenario.results.token import BadToken, decode, encode
from scenario.settings import Settings

VERSION = 2
FOLDER = ".scenario"
MOST = 20
"""Failures that are kept of one case."""
LONGEST = 200_000
"""Characters of a schedule that is kept."""
MOVES = 20_000
"""Its moves: a few characters may stand for many equal ones."""
LARGEST = MOST * (LONGEST + 10_000)
"""Bytes of a file that is read."""


@record
class Kept:
    """One failure: of which file, for which params (JSON texts, by name), under which settings, and its schedule."""

    file: str
    params: Mapping[str, str]
    kind: str
    schedule: str
    settings: Settings = Settings()
    seconds: float = 0.0


def keep(file: str, program: Program, exploration: Exploration) -> None:
    """Writes down what the search has found; where it has covered everything and found nothing, forgets it."""
    settings = program.settings
    params = {name: json.dumps(value, default=str) for name, value in program.params.items()}
    failures = [
        Kept(file, params, finding.failure.kind, token, settings, round(exploration.seconds, 3))
        for finding in (*exploration.findings, *exploration.permitted)[:MOST]
        if not finding.schedule.rest
        and len(finding.schedule.moves) <= MOVES
        and len(token := encode(finding.schedule)) <= LONGEST
    ]
    folder, path = Path(FOLDER), _path(file, params)
    if folder.is_symlink() or path.is_symlink():  # it could lead out of the directory
        return
    try:
        if failures:
            folder.mkdir(exist_ok=True)
            _ignored(folder)
            content = {"version": VERSION, "failures": [asdict(one) for one in failures]}
            replace_content(path, f"{json.dumps(content, indent=1)}\n".encode())
        elif exploration.exhausted:
            path.unlink(missing_ok=True)
    except OSError:  # a directory that can not be written keeps nothing; that is no failure of the scenario
        return


def _ignored(folder: Path) -> None:
    """What is kept is one person's: git leaves the folder out, as it does those of pytest and ruff."""
    with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("*\n")


def kept(file: str, program: Program) -> tuple[Kept, ...]:
    """What is kept of this case; its schedules may be of an earlier version of the file."""
    params = {name: json.dumps(value, default=str) for name, value in program.params.items()}
    return tuple(_read(_path(file, params)))


def kept_anywhere(token: str) -> Kept | None:
    """The failure with this schedule, whatever its file."""
    for path in sorted(Path(FOLDER).glob("*.json")):
        for one in _read(path):
            if one.schedule == token.strip():
                return one
    return None


def _path(file: str, params: Mapping[str, str]) -> Path:
    name = seal(b"", json.dumps([file, sorted(params.items())]))[:16]
    return Path(FOLDER) / f"{name}.json"


def _read(path: Path) -> Iterator[Kept]:
    """What a file of ours holds; nothing of what is not ours. It may be anybody's: it is a hint where to look first."""
    try:
        content: Any = json.loads(text(path, LARGEST))
        if content["version"] == VERSION:
            yield from [_checked(_made(one)) for one in content["failures"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return


def _made(one: Mapping[str, Any]) -> Kept:
    return Kept(**{**one, "settings": Settings().with_those(one["settings"])})


def _checked(one: Kept) -> Kept:
    decode(one.schedule, MOVES)
    texts = (one.file, one.kind, *one.params, *one.params.values())
    if not all(map(_is_text, texts)):
        raise BadToken("not ours")
    return replace(one, params=dict(one.params), seconds=float(one.seconds))


def _is_text(value: object) -> bool:
    return isinstance(value, str)
