"""`scenario validate`: nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scenario.cli import configuration, options

if TYPE_CHECKING:
    from scenario.cli.session import Session
    from scenario.results.result import Report


@click.command("validate", short_help="Check scenario files without running anything.")
@options.selection
@configuration.option
@options.program
@options.runtimes
@options.warnings
@options.suite
@options.output
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Check scenario files without running anything.

    PATH is a file, a directory (its scenarios, recursively), a glob, or `-` for standard input.
    All errors of all files are shown, and warnings (SC4xx), which leave a file valid: a comment
    `# scenario: ignore SC404` on the line, or alone on the line above, silences one. Exit codes: 0 all are valid, 2 one is not, 5 nothing was selected.
    """
    from scenario.cli.session import conducted

    def work(session: Session) -> Report:
        from scenario.commands.validating import validate

        return validate(session.files, session.reporter, session.selection)

    context.exit(conducted(given, work, cut=work))
