"""`scenario lsp`: the language server, over standard input and output."""

from __future__ import annotations

import click


@click.command("lsp", short_help="Be a language server for scenario files, for an editor.")
@click.option("--worker", is_flag=True, hidden=True)
def command(worker: bool) -> None:
    """Be a language server: an editor starts it, and speaks to it over standard input and output.

    It needs the extra `lsp` (pip install 'scenario[lsp]'). Nothing of a workspace is executed or imported.
    Exit codes: 0 ended by the editor, 2 the extra is missing.
    """
    if worker:
        from scenario.editor.worker import work

        work()
        return
    try:
        from scenario.editor.server import serve
    except ModuleNotFoundError as missing:
        raise click.UsageError(f"{missing.name} is not installed: pip install 'scenario[lsp]'") from missing
    serve()
