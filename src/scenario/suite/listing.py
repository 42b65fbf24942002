"""`list`: one line a scenario."""

from __future__ import annotations

from scenario.suite.loading import Loaded, load_models
from scenario.suite.options import Selection


def listed(selection: Selection) -> list[str]:
    """Path, name, tags and description, in columns; an invalid file says so."""
    rows = [_row(file) for file in load_models(selection)]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return [
        f"{path:<{widths[0]}}  {name:<{widths[1]}}  {' '.join(filter(None, rest))}".rstrip()
        for path, name, *rest in rows
    ]


def _row(file: Loaded) -> tuple[str, str, str, str]:
    model = file.model
    if model is None:
        return file.file, "(invalid)", "", file.diagnostics[0].message if file.diagnostics else (file.fault or "")
    tags = f"[{', '.join(model.tags)}]" if model.tags else ""
    return file.file, model.name, tags, " ".join((model.description or "").split())
