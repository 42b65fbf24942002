"""`[tool.scenario]`: of the file that is named, or of the nearest pyproject.toml, and below it of the user's own file.

All are weaker than the environment and the command line. The nearest pyproject.toml may have come with the scenarios:
what lets them call code does not count there, and it takes no more of the machine than is taken without it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Literal, NamedTuple

import click

from scenario.cli.options import CHOICES, FILE, MOST_JOBS, Command
from scenario.machine import processors, room
from scenario.regular import own_folder, text
from scenario.settings import MOST_RUNS

TABLE = "[tool.scenario]"
NEAREST = "pyproject.toml"
TRUSTED = ("allow-python",)
"""Keys that count only in a file that the user has named or made."""
GRANTED: Mapping[str, Callable[[], int]] = {"max-memory": lambda: room(None) >> 20, "jobs": processors}
"""Keys that count up to here in any other."""
LARGEST = 1 << 20
"""Bytes of a file that is read."""

Kind = Literal["text", "texts", "codes", "flag", "integer", "number"]
WORDS: Mapping[Kind, str] = {
    "text": "a text",
    "texts": "a list of texts",
    "codes": "a list of codes",
    "flag": "true or false",
    "integer": "an integer",
    "number": "a number",
}


class Key(NamedTuple):
    """What a key may be, and the parameter of the option that it stands for; numbers are `least` or more, `most` or less."""

    kind: Kind
    option: str
    least: float = 0
    most: float = inf


KEYS: Mapping[str, Key] = {
    "output-format": Key("text", "output_format"),
    "color": Key("text", "color"),
    "exclude": Key("texts", "exclude"),
    "allow-python": Key("texts", "allow_python"),
    "ignore": Key("codes", "ignore"),
    "strict": Key("flag", "strict"),
    "quiet": Key("flag", "quiet"),
    "verbose": Key("flag", "verbose"),
    "seed": Key("integer", "seed"),
    "times": Key("integer", "times", 1, MOST_RUNS),
    "stress": Key("flag", "stress"),
    "jobs": Key("integer", "jobs", 1, MOST_JOBS),
    "max-states": Key("integer", "max_states", 1),
    "max-memory": Key("integer", "max_memory", 1),
    "max-seconds": Key("number", "max_seconds", 1e-9),
    "keep-going": Key("flag", "keep_going"),
    "odds": Key("flag", "odds"),
    "clock": Key("text", "clock"),
    "wake": Key("text", "wake"),
    "spurious": Key("flag", "spurious"),
    "fairness": Key("text", "fairness"),
    "ready": Key("text", "ready"),
    "runtime": Key("texts", "runtimes"),
}


def option(command: Command) -> Command:
    """`--config`: read before anything else is understood."""
    return click.option("--config", metavar="FILE", type=FILE, is_eager=True, expose_value=False, callback=_read, envvar="SCENARIO_CONFIG", help="Read [tool.scenario] of this file, not of the nearest pyproject.toml.")(command)  # fmt: skip


def _read(context: click.Context, _option: click.Parameter, file: str | None) -> None:
    context.default_map = configured(file)


def variable(key: str) -> str:
    """The environment's name for a key: `SCENARIO_MAX_STATES`."""
    return f"SCENARIO_{key.upper().replace('-', '_')}"


def configured(named: str | None = None) -> dict[str, object]:
    """The options that files give, by parameter. Raises click.UsageError, with the place, for what is none."""
    own = own_folder()
    own_file = own / "config.toml" if own is not None else None
    options = _options(own_file) if own_file is not None and own_file.is_file() else {}
    if named is not None:
        return options | _options(Path(named))
    try:
        nearest = _nearest(Path.cwd())
    except FileNotFoundError:  # the current directory has been removed
        nearest = None
    return options if nearest is None else options | _options(nearest, came_along=True)


def _options(file: Path, *, came_along: bool = False) -> dict[str, object]:
    """Those of one file; `came_along`: nobody has named it."""
    written = _text(file)
    options: dict[str, object] = {}
    for key, value in _table(file, written).items():
        place = f"{_shown(file)}:{_place(written, key)}"
        for wrong in _faults(key, value):
            raise click.UsageError(f"{place}: {wrong}")
        hint = f"in a file that was merely found: name the file (--config {_shown(file)})"
        if came_along and key in TRUSTED:
            click.echo(f"{place}: {key!r} does not count {hint}, or allow it in a file of your own", err=True)
        elif came_along and key in GRANTED and isinstance(value, int) and value > (most := GRANTED[key]()):
            click.echo(f"{place}: {key!r} counts as {most} {hint}, or set it in a file of your own", err=True)
            options[KEYS[key].option] = most
        else:
            options[KEYS[key].option] = value
    return options


def _nearest(folder: Path) -> Path | None:
    candidates = (parent / NEAREST for parent in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def _text(file: Path) -> str:
    try:
        return text(file, LARGEST)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{_shown(file)}: {getattr(error, 'strerror', None) or error}") from error


def _table(file: Path, text: str) -> Mapping[str, object]:
    import tomllib

    if "scenario" not in text:  # so that a file that is not about us costs nothing, even a broken one
        return {}
    try:
        whole = tomllib.loads(text)
    except ValueError as error:
        at = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        place = f":{at[1]}:{at[2]}" if at else f":{max(1, len(text.splitlines()))}:1"
        raise click.UsageError(f"{_shown(file)}{place}: {str(error)[: at.start()] if at else error}") from error
    except RecursionError as error:
        raise click.UsageError(f"{_shown(file)}: nested too deeply") from error
    tool = whole.get("tool", {})
    table = tool.get("scenario", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise click.UsageError(f"{_shown(file)}:{_place(text, 'scenario')}: {TABLE} has to be a table")
    return table


def _shown(file: Path) -> str:
    """As seen from the working directory."""
    return os.path.relpath(file)


def _faults(key: str, value: object) -> Iterator[str]:
    """What is wrong with a key and its value."""
    if key not in KEYS:
        yield f"{TABLE} has no key {key!r}{_did_you_mean(key)}"
        return
    kind, option, least, most = KEYS[key]
    choices = CHOICES.get(option)
    items = value if isinstance(value, list) else [value]
    if isinstance(value, str) and kind in ("texts", "codes"):
        yield f"{key!r} of {TABLE} has to be {WORDS[kind]}: write [{value!r}]"
    elif not _is(kind, value):
        yield f"{key!r} of {TABLE} has to be {_one_of(choices) if choices and kind == 'text' else WORDS[kind]}"
    elif choices is not None:
        yield from (f"{key!r} of {TABLE} is {_one_of(choices)}, not {item!r}" for item in items if item not in choices)
    elif isinstance(value, int | float) and not least <= value <= most:
        yield f"{key!r} of {TABLE} has to be {_range(least, most)}"
    elif kind == "codes" and isinstance(value, list):
        from scenario.cli.options import unknown_code

        yield from (f"{key!r} of {TABLE}: {wrong}" for code in value if (wrong := unknown_code(code)))


def _one_of(choices: Iterable[str]) -> str:
    return f"one of {', '.join(choices)}"


def _range(least: float, most: float) -> str:
    low = f"{least:g} or more" if least >= 1 or not least else "more than 0"
    return low if most == inf else f"{low}, and {most:,.0f} or less"


def _is(kind: Kind, value: object) -> bool:
    match kind:
        case "flag":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "texts" | "codes":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)


def _place(text: str, key: str) -> str:
    """`line:column` of a key of our table; of a table that is written in another way, where its name stands."""
    ours = False
    found = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("["):
            ours = line.replace(" ", "").startswith(TABLE)
        elif ours and found.match(line):
            return f"{number}:{len(line) - len(line.lstrip()) + 1}"
    anywhere = re.search(rf"""\b{re.escape(key)}\b""", text)
    before = text[: anywhere.start() if anywhere else 0]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def _did_you_mean(key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key, KEYS, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(KEYS)}"
