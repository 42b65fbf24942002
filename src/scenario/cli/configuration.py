"""`[tool.scenario]` of the nearest pyproject.toml: weaker than the environment and the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import click

from scenario.cli.options import CHOICES

TABLE = "[tool.scenario]"

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
    """What a key may be, and the parameter of the option that it stands for; numbers are `least` or more."""

    kind: Kind
    option: str
    least: float = 0


KEYS: Mapping[str, Key] = {
    "output-format": Key("text", "output_format"),
    "color": Key("text", "color"),
    "exclude": Key("texts", "exclude"),
    "allow-python": Key("texts", "allow_python"),
    "ignore": Key("codes", "ignore"),
    "strict": Key("flag", "strict"),
    "quiet": Key("flag", "quiet"),
    "seed": Key("integer", "seed"),
    "times": Key("integer", "times", 1),
    "stress": Key("flag", "stress"),
    "jobs": Key("integer", "jobs", 1),
    "max-states": Key("integer", "max_states", 1),
    "max-seconds": Key("number", "max_seconds", 1e-9),
    "keep-going": Key("flag", "keep_going"),
    "odds": Key("flag", "odds"),
    "clock": Key("text", "clock"),
    "wake": Key("text", "wake"),
    "spurious": Key("flag", "spurious"),
}


def variable(key: str) -> str:
    """The environment's name for a key: `SCENARIO_MAX_STATES`."""
    return f"SCENARIO_{key.upper().replace('-', '_')}"


def configured(folder: Path | None = None) -> dict[str, object]:
    """The options that the file gives, by parameter. Raises click.UsageError, with the place, for what is none."""
    file = _nearest(folder or Path.cwd())
    if file is None:
        return {}
    text = _text(file)
    options: dict[str, object] = {}
    for key, value in _table(file, text).items():
        for wrong in _faults(key, value):
            raise click.UsageError(f"{_shown(file)}:{_place(text, key)}: {wrong}")
        options[KEYS[key].option] = value
    return options


def _nearest(folder: Path) -> Path | None:
    candidates = (parent / "pyproject.toml" for parent in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{_shown(file)}: {error}") from error


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
    kind, option, least = KEYS[key]
    if not _is(kind, value):
        yield f"{key!r} of {TABLE} has to be {WORDS[kind]}"
    elif isinstance(value, int | float) and kind != "flag" and value < least:
        yield (
            f"{key!r} of {TABLE} has to be {least:g} or more"
            if least >= 1 or not least
            else f"{key!r} of {TABLE} has to be more than 0"
        )
    elif option in CHOICES and value not in CHOICES[option]:
        yield f"{key!r} of {TABLE} is one of {', '.join(CHOICES[option])}, not {value!r}"
    elif kind == "codes" and isinstance(value, list):
        from scenario.cli.options import unknown_code

        yield from (f"{key!r} of {TABLE}: {wrong}" for code in value if (wrong := unknown_code(code)))


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
