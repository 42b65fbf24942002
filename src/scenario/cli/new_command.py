"""`scenario new`: a file to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from scenario.cli import options

NAME = re.compile(r"[A-Za-z0-9_][\w.-]*")
SUFFIX = ".scenario.yaml"
ENDING = re.compile(r"(\.scenario)?\.ya?ml$")


def _completed(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in templates() if name.startswith(incomplete)]


@click.command("new", short_help="Start a scenario file from a template.")
@click.argument("name")
@click.option("--template", "-T", default="lock", show_default=True, metavar="T", help="The scenario to start from; an unknown one lists them all.", shell_complete=_completed)  # fmt: skip
@click.option("-o", "--output-file", metavar="FILE", type=options.FILE, help=f"Where to write it (default: NAME{SUFFIX}; `-`: standard output).")  # fmt: skip
def command(name: str, template: str, output_file: str | None) -> None:
    """Start a scenario file: NAME.scenario.yaml, from one of the scenarios that are shipped.

    NAME may be the name of the file as well.
    """
    file, name = (name, ENDING.sub("", name)) if ENDING.search(name) else (f"{name}{SUFFIX}", name)
    if not NAME.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name for a scenario: letters, digits, `.`, `-` and `_`")
    text = from_template(template, name)
    if output_file == "-":
        click.echo(text, nl=False)
        return
    file = output_file or file
    try:
        with Path(file).open("x", encoding="utf-8") as stream:  # never over a file that is there
            stream.write(text)
    except OSError as error:
        raise click.UsageError(f"can not write {file}: {error.strerror}") from error
    from scenario.legible import legible

    click.echo(f"{legible(file)}\nNow: scenario run {legible(file)}")


def templates() -> list[str]:
    """The names of the templates."""
    from importlib.resources import files

    found = files("scenario").joinpath("templates").iterdir()
    return sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml"))


def from_template(template: str, name: str) -> str:
    """The template's text under a name of its own. Raises click.UsageError for an unknown one."""
    from importlib.resources import files

    known = templates()
    if template not in known:
        raise click.UsageError(f"there is no template {template!r}; there are: {', '.join(known)}")
    text = files("scenario").joinpath("templates", f"{template}.yaml").read_text(encoding="utf-8")
    return re.sub(r"(?m)^scenario: .*$", f"scenario: {_scalar(name)}", text, count=1)


def _scalar(name: str) -> str:
    """YAML reads a name such as `1.5` or `null` as something else, so it is quoted."""
    plain = name[0].isalpha() and name.lower() not in {"null", "true", "false"}
    return name if plain else f'"{name}"'
