"""`.pre-commit-hooks.yaml`: each hook is a command that holds on a file that holds, and fails on one that does not."""

import re
from pathlib import Path

import pytest
import yaml
from cli.files import FINE, INVALID, scenario

HOOKS = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_tells_by_its_exit_code(hook, tmp_path):
    (tmp_path / "fine.scenario.yaml").write_text(FINE)
    (tmp_path / "invalid.scenario.yaml").write_text(INVALID)
    _, *arguments = hook["entry"].split()
    codes = [scenario(*arguments, file).exit_code for file in sorted(tmp_path.iterdir())]
    assert codes == [0, 2]


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_is_asked_about_scenario_files_only(hook):
    asked = [name for name in ("a/x.scenario.yaml", "compose.yaml", "x.scenario.yml") if re.search(hook["files"], name)]
    assert asked == ["a/x.scenario.yaml", "x.scenario.yml"]
