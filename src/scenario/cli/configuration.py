"""`[tool.scenario]` of the nearest pyproject.toml: weaker than the environment and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

TABLE = "[tool.scenario]"
KEYS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "output-format": ("output_format", (str,)),
    "color": ("color", (str,)),
    "exclude": ("exclude", (list,)),
    "allow-python": ("allow_python", (list,)),
    "seed": ("seed", (int,)),
    "max-states": ("max_states", (int,)),
    "max-seconds": ("max_seconds", (int, float)),
}
"""Each key with its option's parameter and the types of its values."""


def configured(folder: Path | None = None) -> dict[str, object]:
    """The options that the file gives, by parameter. Raises click.UsageError for a key or value that is none."""
    file = _nearest(folder or Path.cwd())
    return {} if file is None else _options(file)


def _nearest(folder: Path) -> Path | None:
    candidates = (parent / "pyproject.toml" for parent in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def _options(file: Path) -> dict[str, object]:
    table = _table(file)
    found: dict[str, object] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise click.UsageError(f"{file}: {TABLE} has no key {key!r}{_did_you_mean(key)}")
        option, types = KEYS[key]
        if not isinstance(value, types) or isinstance(value, bool):
            wanted = " or ".join(
                {str: "a text", list: "a list of texts", int: "an integer"}.get(t, "a number") for t in types
            )
            raise click.UsageError(f"{file}: {key!r} of {TABLE} has to be {wanted}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise click.UsageError(f"{file}: {key!r} of {TABLE} has to be a list of texts")
        found[option] = value
    return found


def _table(file: Path) -> Mapping[str, object]:
    import tomllib

    try:
        text = file.read_text(encoding="utf-8")
        if "scenario" not in text:  # so that a file that is not about us costs nothing, even a broken one
            return {}
        whole = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{file}: {error}") from error
    tool = whole.get("tool", {})
    table = tool.get("scenario", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise click.UsageError(f"{file}: {TABLE} has to be a table")
    return table


def _did_you_mean(key: str) -> str:
    import difflib

    close = difflib.get_close_matches(key, KEYS, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(KEYS)}"
