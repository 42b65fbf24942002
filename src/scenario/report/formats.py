"""The formats of results by the name that `--output-format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scenario.report.concise import Concise
from scenario.report.full import Full
from scenario.report.github import GitHub
from scenario.report.json_lines import JsonLines
from scenario.report.json_object import JsonObject
from scenario.report.junit import JUnit
from scenario.report.reporter import Reporter, Write
from scenario.report.sarif import Sarif
from scenario.report.style import Style

FORMATS: Mapping[str, Callable[[Write, Style], Reporter]] = {
    "full": Full,
    "concise": Concise,
    "json": JsonObject,
    "jsonl": JsonLines,
    "junit": JUnit,
    "github": GitHub,
    "sarif": Sarif,
}


def chosen(name: str, environment: Mapping[str, str], *, to_file: bool) -> str:
    """The format's own name: `auto` is `github` in a step of GitHub Actions, `full` elsewhere and in files."""
    if name != "auto":
        return name
    return "github" if environment.get("GITHUB_ACTIONS") == "true" and not to_file else "full"
