"""The formats of results by the name that `--output-format` takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from scenario.report.reporter import Legible, Reporter, Write
from scenario.report.style import Style

FORMATS: Mapping[str, tuple[str, str]] = {
    "full": ("full", "Full"),
    "concise": ("concise", "Concise"),
    "json": ("machines.json_results", "JsonObject"),
    "jsonl": ("machines.json_results", "JsonLines"),
    "junit": ("machines.junit", "JUnit"),
    "github": ("machines.github", "GitHub"),
    "sarif": ("machines.sarif", "Sarif"),
}
"""The module and the class of each; only the one that is asked for is imported."""


RAW = ("json", "jsonl")
"""Those that escape texts by themselves, and so give them as they are."""
FOR_PEOPLE = ("full", "concise")
"""Those that somebody reads from top to bottom."""


def reporter_named(name: str) -> Callable[[Write, Style], Reporter]:
    """The reporter of a format: a key of `FORMATS`."""
    module, reporter = FORMATS[name]
    made: Callable[[Write, Style], Reporter] = getattr(import_module(f"scenario.report.{module}"), reporter)
    return made if name in RAW else lambda *given, **more: Legible(made(*given, **more))


def chosen(name: str, environment: Mapping[str, str], *, to_file: bool) -> str:
    """The format's own name: `auto` is `github` in a step of GitHub Actions, `full` elsewhere and in files."""
    if name != "auto":
        return name
    return "github" if environment.get("GITHUB_ACTIONS") == "true" and not to_file else "full"
