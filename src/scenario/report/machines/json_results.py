"""`--output-format json` and `jsonl`: UTF-8, but for what a terminal would not show as it is."""

from __future__ import annotations

import json
import re

from scenario.legible import UNSEEN
from scenario.report.reporter import Silent, Write
from scenario.report.shape import FORMAT, result_object
from scenario.report.style import Style
from scenario.results.result import Report, Result


def json_text(value: object, indent: int | None = None) -> str:
    """Everything unseen is escaped: it stands within texts only, and means the same there."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return re.sub(UNSEEN, lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


class JsonObject(Silent):
    """One object at the end: nothing until all results are there."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def finish(self, report: Report) -> None:
        results = [result_object(result) for result in report.results]
        whole = {"format": FORMAT, "command": report.command, "results": results}
        self._write(json_text(whole, 2))


class JsonLines(Silent):
    """One result a line, as soon as it is there: each an element of `results`."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def end(self, result: Result) -> None:
        self._write(json_text(result_object(result)))
