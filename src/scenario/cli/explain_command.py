"""`scenario explain CODE`: a rule's page."""

from __future__ import annotations

import click


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
    from scenario.report.page import page

    rules = catalogue()
    if code is None:
        for rule in sorted(rules.values(), key=lambda rule: rule.code):
            click.echo(f"{rule.code}  {rule.summary}")
        context.exit(0)
    found = rules.get(code.upper())
    if found is None:
        raise click.UsageError(f"no rule has the code {code!r}; `scenario explain` lists them all")
    click.echo("\n".join(page(found)))
