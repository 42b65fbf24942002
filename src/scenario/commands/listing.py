"""`list`: what each selected file is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.files.loaded import Loaded
from scenario.record import record
from scenario.report.style import Style


@record
class Listed:
    """A file; `scenario` is None where it is invalid, and `description` then says why."""

    file: str
    scenario: str | None
    tags: tuple[str, ...]
    description: str


def listed(files: Iterable[Loaded]) -> list[Listed]:
    """One a file, in order."""
    return [_listed(file) for file in files]


def as_text(rows: list[Listed], style: Style) -> list[str]:
    """Path, name, tags and description, in columns; where a terminal has no room for these, one below the other."""
    table = _table(rows)
    if style.width is None or all(len(line) <= style.width for line in table):
        return table
    return [line for row in rows for line in _below(row, style)]


def _below(row: Listed, style: Style) -> Iterator[str]:
    yield from style.filled(f"{row.file}: {row.scenario or '(invalid)'} {_tags(row)}".rstrip())
    if row.description:
        yield from style.filled(f"  {row.description}")


def _table(rows: list[Listed]) -> list[str]:
    cells = [(row.file, "(invalid)" if row.scenario is None else row.scenario) for row in rows]
    widths = [max((len(row[column]) for row in cells), default=0) for column in range(2)]
    return [
        f"{path:<{widths[0]}}  {name:<{widths[1]}}  {' '.join(filter(None, (_tags(row), row.description)))}".rstrip()
        for row, (path, name) in zip(rows, cells, strict=True)
    ]


def _listed(file: Loaded) -> Listed:
    about = file.about
    if about is None:
        return Listed(file.file, None, (), file.diagnostics[0].message if file.diagnostics else (file.fault or ""))
    return Listed(file.file, about.name, about.tags, " ".join(about.description.split()))


def _tags(row: Listed) -> str:
    return f"[{', '.join(row.tags)}]" if row.tags else ""
