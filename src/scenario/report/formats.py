"""The formats of results by the name that `--output-format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scenario.report.concise import Concise
from scenario.report.full import Full
from scenario.report.json_lines import JsonLines
from scenario.report.json_object import JsonObject
from scenario.report.reporter import Reporter, Write
from scenario.report.style import Style

FORMATS: Mapping[str, Callable[[Write, Style], Reporter]] = {
    "full": Full,
    "concise": Concise,
    "json": JsonObject,
    "jsonl": JsonLines,
}
