"""`--output-format json`: one object at the end."""

from __future__ import annotations

from scenario.report.json_text import json_text
from scenario.report.reporter import Silent, Write
from scenario.report.shape import FORMAT, result_object
from scenario.report.style import Style
from scenario.results.result import Report


class JsonObject(Silent):
    """Nothing until all results are there."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def finish(self, report: Report) -> None:
        results = [result_object(result) for result in report.results]
        whole = {"format": FORMAT, "command": report.command, "results": results}
        self._write(json_text(whole, 2))
