"""`scenario explain CODE`: a rule's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenario.diagnostics import Rule


def _completed(_context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    from scenario.report.catalogue import catalogue

    return [code for code in sorted(catalogue()) if code.startswith(incomplete.upper())]


@click.command("explain", short_help="Explain the code of a diagnostic.")
@click.argument("code", required=False, shell_complete=_completed)
@click.pass_context
def command(context: click.Context, /, code: str | None) -> None:
    """Explain the code of a diagnostic, such as SC101: what, why, a bad and a good example.

    Without a CODE, list them all.
    """
    from scenario.report.catalogue import catalogue

    rules = catalogue()
    if code is None:
        for rule in sorted(rules.values(), key=lambda rule: rule.code):
            click.echo(f"{rule.code}  {rule.summary}")
        context.exit(0)
    found = rules.get(code.upper())
    if found is None:
        raise click.UsageError(f"no rule has the code {code!r}; `scenario explain` lists them all")
    click.echo("\n".join(page(found)))


def page(rule: Rule) -> Iterator[str]:
    """The rule as Markdown."""
    yield f"# {rule.code} {rule.name}"
    yield f"\n{rule.summary}"
    if rule.why:
        yield f"\n## Why\n\n{rule.why}"
    if rule.bad:
        yield f"\n## Instead of\n\n```yaml\n{rule.bad.rstrip()}\n```"
    if rule.good:
        yield f"\n## Write\n\n```yaml\n{rule.good.rstrip()}\n```"
