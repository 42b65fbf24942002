"""`scenario completion`: what it prints makes shells complete."""

import os
import subprocess
import sys

import pytest
from cli.files import scenario


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(shell):
    assert f"_SCENARIO_COMPLETE={shell}_complete" in scenario("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("scenario val", ["plain,validate"]),
        ("scenario run some", ["file,some"]),
        ("scenario new x --template lo", ["plain,lock", "plain,lost-update"]),
        ("scenario explain sc101", ["plain,SC101"]),
    ],
)
def test_what_is_asked_for_is_answered(words, answer):
    count = str(len(words.split()) - 1)
    environment = {**os.environ, "_SCENARIO_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    probe = [sys.executable, "-c", "from scenario.cli.main import main; main()"]
    done = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == answer


def test_the_help_gives_each_shell_its_line():
    lines = scenario("completion", "--help").stdout.splitlines()
    assert [line.split()[0] for line in lines if "scenario completion " in line][1:] == ["bash:", "zsh:", "fish:"]
