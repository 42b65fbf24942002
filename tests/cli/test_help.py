"""`--help` is quick: it imports click and nothing heavy."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from scenario.cli.main import COMMANDS, cli

HEAVY = {"pydantic", "yaml", "rich", "scenario.commands", "scenario.spec", "scenario.report", "threading_engine"}
PROBE = """
import sys
from scenario.cli.main import cli
try:
    cli.main({arguments!r}, standalone_mode=True)
except SystemExit:
    pass
print("MODULES", *sys.modules)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], *([name, "--help"] for name in COMMANDS), ["--version"]], ids=" ".join
)
def test_help_imports_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(arguments=arguments)], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.rpartition("MODULES")[2].split())
    assert modules.isdisjoint(HEAVY)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_static_help_is_the_commands_own(name):
    assert cli.get_command(None, name).short_help == COMMANDS[name]


def test_the_plain_help_imports_no_command():
    probe = PROBE.format(arguments=["--help"])
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "_command" not in done.stdout.rpartition("MODULES")[2]


def test_help_as_users_read_it(snapshot):
    snapshot("help", CliRunner().invoke(cli, ["--help"], prog_name="scenario").output)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_commands_help_as_users_read_it(name, snapshot):
    snapshot(f"help-{name}", CliRunner().invoke(cli, [name, "--help"], prog_name="scenario").output)


def test_a_misspelt_command_is_answered_with_the_nearest():
    done = CliRunner().invoke(cli, ["vaildate"])
    assert (done.exit_code, "Did you mean 'validate'?" in done.output) == (2, True)
