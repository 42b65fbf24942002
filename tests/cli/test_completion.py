"""`scenario completion`: what it prints makes shells complete."""

import os
import subprocess
import sys

import pytest
from cli.files import scenario


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(shell):
    assert f"_SCENARIO_COMPLETE={shell}_complete" in scenario("completion", shell).stdout


def test_the_script_is_answered_with_commands():
    environment = {**os.environ, "_SCENARIO_COMPLETE": "bash_complete", "COMP_WORDS": "scenario val", "COMP_CWORD": "1"}
    probe = [sys.executable, "-c", "from scenario.cli.main import main; main()"]
    done = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["plain,validate"]
