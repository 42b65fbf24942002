"""`--output-format jsonl`: one result a line, as soon as it is there."""

from __future__ import annotations

from scenario.report.json_text import json_text
from scenario.report.reporter import Silent, Write
from scenario.report.shape import result_object
from scenario.report.style import Style
from scenario.results.result import Result


class JsonLines(Silent):
    """Each line is an element of `results`."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def end(self, result: Result) -> None:
        self._write(json_text(result_object(result)))
