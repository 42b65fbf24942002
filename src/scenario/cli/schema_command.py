"""`scenario schema`: for editors."""

from __future__ import annotations

import click

from scenario.cli import options


@click.command("schema", short_help="Print the JSON Schema of scenario files.")
@click.option(
    "--check", metavar="FILE", type=options.FILE, help="Compare with a file instead: exit 1 where it is out of date."
)
@click.option("-o", "--output-file", metavar="FILE", type=options.FILE, help="Write it to a file.")
@click.pass_context
def command(context: click.Context, /, check: str | None, output_file: str | None) -> None:
    """Print the JSON Schema (draft-07) of scenario files, for editors and other tools."""
    from scenario.cli.session import opened, writer
    from scenario.legible import legible
    from scenario.regular import content
    from scenario.spec.schema import schema_text

    text = schema_text()
    try:
        if check is not None:
            current = content(check, len(text) * 4) == text.encode()
            if not current:
                click.echo(f"{legible(check)} is out of date: scenario schema -o {legible(check)}", err=True)
            context.exit(0 if current else 1)
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{check}: {getattr(error, 'strerror', None) or error}") from error
    with opened(output_file) as stream:
        writer(stream)(text.removesuffix("\n"))
