"""`scenario explain CODE`: a code's page."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click


def _completed(_context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    from scenario.report.pages import catalogue

    return [code for code in sorted(catalogue()) if code.startswith(incomplete.upper())]


@click.command("explain", short_help="Explain the code of a diagnostic.")
@click.argument("code", required=False, shell_complete=_completed)
@click.pass_context
def command(context: click.Context, /, code: str | None) -> None:
    """Explain the code of a diagnostic, such as SC101: what, why, a bad and a good example.

    Without a CODE, list them all.
    """
    from scenario.cli.session import style_of
    from scenario.report.pages import catalogue, markdown

    pages = catalogue()
    if code is None:
        for page in sorted(pages.values(), key=lambda page: page.code):
            click.echo(f"{page.code}  {page.summary}")
        context.exit(0)
    found = pages.get(code.upper())
    if found is None:
        raise click.UsageError(f"no rule has the code {code!r}; `scenario explain` lists them all")
    text = "\n".join(markdown(found))
    width = style_of("never", sys.stdout).width
    click.echo(text if width is None else "\n".join(_fitting(text, width)))


def _fitting(text: str, width: int) -> Iterator[str]:
    """Prose in lines that the terminal has room for; examples stay as they are."""
    import textwrap

    example = False
    for line in text.splitlines():
        example ^= line.startswith("```")
        yield from [line] if example or not line else textwrap.wrap(line, width, break_on_hyphens=False)
