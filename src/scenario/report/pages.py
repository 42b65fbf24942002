"""The page of each code, whichever floor has it; as Markdown: what `scenario explain CODE` prints, and SARIF carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from scenario.diagnostics import PAGES, Page

_PLACES = (
    "scenario.spec.pages",
    "scenario.compile.pages",
    "scenario.program.refusal",
    "scenario.lint.check",
    "scenario.export.refusal",
    "scenario.engines.threads.pages",
)


def catalogue() -> Mapping[str, Page]:
    """Code -> page."""
    for module in _PLACES:
        import_module(module)
    return PAGES


def markdown(page: Page) -> Iterator[str]:
    """Line by line; a line may hold several."""
    yield f"# {page.code} {page.name}"
    yield f"\n{page.summary}"
    if page.why:
        yield f"\n## Why\n\n{page.why}"
    if page.bad:
        yield f"\n## Instead of\n\n```yaml\n{page.bad.rstrip()}\n```"
    if page.good:
        yield f"\n## Write\n\n```yaml\n{page.good.rstrip()}\n```"
