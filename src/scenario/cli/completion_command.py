"""`scenario completion`: for shells."""

from __future__ import annotations

import click

HELP = """Print what makes SHELL complete commands and options.

\b
bash: eval "$(scenario completion bash)" in ~/.bashrc
zsh:  eval "$(scenario completion zsh)" in ~/.zshrc
fish: scenario completion fish > ~/.config/fish/completions/scenario.fish
"""
"""The backspace keeps click from filling the lines; it has to be the character itself."""


@click.command("completion", help=HELP, short_help="Print what makes a shell complete our commands.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, /, shell: str) -> None:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, "click knows the three"
    completion = kind(context.find_root().command, {}, "scenario", "_SCENARIO_COMPLETE")
    click.echo(kind.source_template % completion.source_vars())
