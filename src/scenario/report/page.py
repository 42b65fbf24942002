"""A rule's page as Markdown: what `scenario explain CODE` prints, and the help that SARIF carries."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.diagnostics import Rule


def page(rule: Rule) -> Iterator[str]:
    """Line by line; a line may hold several."""
    yield f"# {rule.code} {rule.name}"
    yield f"\n{rule.summary}"
    if rule.why:
        yield f"\n## Why\n\n{rule.why}"
    if rule.bad:
        yield f"\n## Instead of\n\n```yaml\n{rule.bad.rstrip()}\n```"
    if rule.good:
        yield f"\n## Write\n\n```yaml\n{rule.good.rstrip()}\n```"
