"""`[tool.scenario]`: weaker than the environment, which is weaker than the command line."""

import re
from pathlib import Path

import click
import pytest
from cli.files import CASES, FINE, results, scenario

from scenario.cli.configuration import KEYS, variable
from scenario.cli.main import COMMANDS, cli


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "x.yaml").write_text(FINE)
    monkeypatch.chdir(folder)

    def write(table):
        (tmp_path / "pyproject.toml").write_text(f"[tool.scenario]\n{table}\n")

    return write


def test_it_is_read_from_the_nearest_file_above(project):
    project('output-format = "json"')
    assert scenario("validate", "x.yaml").stdout.startswith("{")


def test_the_environment_is_stronger(project, monkeypatch):
    project('output-format = "json"')
    monkeypatch.setenv("SCENARIO_OUTPUT_FORMAT", "concise")
    assert scenario("validate", "x.yaml").stdout.startswith("1 valid")


def test_the_command_line_is_strongest(project, monkeypatch):
    project('output-format = "json"')
    monkeypatch.setenv("SCENARIO_OUTPUT_FORMAT", "json")
    assert scenario("validate", "x.yaml", "--output-format", "concise").stdout.startswith("1 valid")


def test_a_list_is_every_use_of_its_option(project):
    project('exclude = ["x.yaml", "y.yaml"]')
    assert scenario("validate", "x.yaml").exit_code == 5


def test_a_key_of_another_command_is_no_error(project):
    project("max-states = 5")
    assert scenario("validate", "x.yaml").exit_code == 0
    assert scenario("explore", "x.yaml", "--no-reduction").exit_code == 3


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("max-state = 5", "../pyproject.toml:2:1: [tool.scenario] has no key 'max-state'; did you mean 'max-states'?"),
        ("nonsense = 5", "has no key 'nonsense'; there are: output-format, "),
        ("seed = 1\n  odds = 1", "toml:3:3: 'odds' of [tool.scenario] has to be true or false"),
        ("max-states = true", "'max-states' of [tool.scenario] has to be an integer"),
        ("max-seconds = 'long'", "has to be a number"),
        ("max-seconds = nan", "has to be more than 0"),
        ("times = 1_000_000_001", "'times' of [tool.scenario] has to be 1 or more, and 1,000,000,000 or less"),
        ("jobs = 257", "toml:2:1: 'jobs' of [tool.scenario] has to be 1 or more, and 256 or less"),
        ("color = 1", "has to be one of auto, always, never"),
        (
            "runtime = ['asynci']",
            "toml:2:1: 'runtime' of [tool.scenario] is one of threading, asyncio, multiprocessing, not 'asynci'",
        ),
        ("exclude = 'x'", "has to be a list of texts: write ['x']"),
        ("exclude = [1]", "has to be a list of texts"),
        ("ignore = 'SC409'", "has to be a list of codes"),
        ("max-states = 0", "toml:2:1: 'max-states' of [tool.scenario] has to be 1 or more"),
        ("max-seconds = 0", "has to be more than 0"),
        ("seed = -1", "has to be 0 or more"),
        ("clock = 'none'", "'clock' of [tool.scenario] is one of free, virtual, not 'none'"),
        ("ignore = ['SC499']", "toml:2:1: 'ignore' of [tool.scenario]: no warning has the code 'SC499'"),
        ("ignore = ['SC301']", "SC301 is an error: only warnings"),
        ("= 5", "../pyproject.toml:2:1: Invalid statement"),
    ],
)
def test_what_it_can_not_mean_is_an_error_at_its_place(project, table, said):
    project(table)
    done = scenario("explore", "x.yaml")
    assert (done.exit_code, said in " ".join(done.stderr.split())) == (2, True), done.stderr


def test_a_key_of_another_table_is_not_taken_for_ours(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("[other]\nodds = 1\n[tool.scenario]\nodds = 1\n")
    monkeypatch.chdir(tmp_path)
    assert "pyproject.toml:4:1: 'odds'" in scenario("explore", "x.yaml").stderr


def test_a_table_written_in_one_line_has_its_place_too(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("[tool]\nscenario = {odds = 1}\n")
    monkeypatch.chdir(tmp_path)
    assert "pyproject.toml:2:13: 'odds'" in scenario("explore", "x.yaml").stderr


def test_a_command_that_has_no_use_for_it_works_beside_a_broken_one(project):
    project("= 5")
    assert scenario("explain", "SC409").exit_code == 0


def options():
    """Of every command, by parameter."""
    commands = [cli.get_command(None, name) for name in COMMANDS]
    return {
        option.name: option for command in commands for option in command.params if isinstance(option, click.Option)
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_an_option_and_a_variable_of_the_environment(key):
    option = options()[KEYS[key].option]
    assert (f"--{key}" in option.opts, option.envvar) == (True, variable(key))


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_file_may_give_a_command_its_environment_may_too(command):
    named = {key.option: variable(name) for name, key in KEYS.items()}
    found = cli.get_command(click.Context(cli), command)
    assert {o.name: o.envvar for o in found.params if o.name in named} == {
        o.name: named[o.name] for o in found.params if o.name in named
    }


def test_the_page_lists_each_key_with_its_option_and_variable():
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| `(SCENARIO_\w+)` \| `--([\w-]+)` \|", page, re.MULTILINE)
    assert rows == [(key, variable(key), key) for key in KEYS]


def test_a_broken_file_that_is_not_about_us_is_left_alone(project, tmp_path):
    (tmp_path / "pyproject.toml").write_text("= 5")
    assert scenario("validate", "x.yaml").exit_code == 0


UNUSED = FINE.replace("vars: {counter: 0}", "vars: {counter: 0, spare: 0}")
WARNED = "x.yaml:4:7: SC409"


@pytest.fixture
def warned(project, tmp_path):
    (tmp_path / "deep" / "x.yaml").write_text(UNUSED)
    return project


def text(*arguments):
    return scenario(*arguments, "x.yaml", "--output-format", "concise").stdout


@pytest.mark.parametrize("command", ["run", "validate"])
def test_a_warning_is_left_out_by_the_file_the_environment_or_the_command_line(warned, command, monkeypatch):
    warned("")
    assert "SC409" in text(command)
    assert "SC409" not in text(command, "--ignore", "SC404,sc409")
    warned("ignore = ['SC409']")
    assert "SC409" not in text(command)
    assert "SC409" in text(command, "--ignore", "SC404")
    monkeypatch.setenv("SCENARIO_IGNORE", "SC404")
    assert "SC409" in text(command)
    monkeypatch.setenv("SCENARIO_IGNORE", "SC404 SC409")
    assert "SC409" not in text(command)


@pytest.mark.parametrize("command", ["run", "validate"])
def test_strict_makes_errors_of_warnings_and_nothing_is_run(warned, command, monkeypatch):
    warned("")
    assert scenario(command, "x.yaml").exit_code == 0
    done = scenario(command, "x.yaml", "--strict")
    assert (done.exit_code, "is done" in done.stdout) == (2, False)
    monkeypatch.setenv("SCENARIO_STRICT", "1")
    assert scenario(command, "x.yaml").exit_code == 2
    monkeypatch.delenv("SCENARIO_STRICT")
    warned("strict = true")
    assert scenario(command, "x.yaml").exit_code == 2
    assert scenario(command, "x.yaml", "--ignore", "SC409").exit_code == 0


def test_times_stress_and_jobs_may_stand_in_the_file(project):
    project("times = 3\nstress = true\njobs = 2")
    (result,) = results(scenario("run", "x.yaml", "--output-format", "json"))
    assert [row["runs"] for row in result["outcomes"]] == [3]


@pytest.mark.parametrize("code", ["SC499", "nonsense", "SC301"])
def test_an_unknown_code_is_an_error(project, code):
    project("")
    done = scenario("run", "x.yaml", "--ignore", code)
    assert (done.exit_code, code in done.stderr) == (2, True)


@pytest.mark.parametrize("form", ["json", "full", "github", "sarif"])
def test_a_file_with_cases_is_warned_once(project, tmp_path, form):
    project("")
    (tmp_path / "deep" / "x.yaml").write_text(CASES.replace("vars: {counter: 0}", "vars: {counter: 0, spare: 0}"))
    said = scenario("run", "x.yaml", "--output-format", form).stdout
    assert said.count("nothing uses the variable") == (2 if form == "github" else 1)  # the text and the annotation
