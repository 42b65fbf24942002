"""`[tool.scenario]`: weaker than the environment, which is weaker than the command line."""

import pytest
from cli.files import FINE, scenario


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
    assert scenario("explore", "x.yaml").exit_code == 3


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("max-state = 5", "did you mean 'max-states'?"),
        ("nonsense = 5", "has no key 'nonsense'; there are: "),
        ("max-states = true", "'max-states' of [tool.scenario] has to be an integer"),
        ("exclude = 'x'", "has to be a list of texts"),
        ("exclude = [1]", "has to be a list of texts"),
        ("max-states = 0", "'--max-states'"),
        ("= 5", "pyproject.toml: "),
    ],
)
def test_what_it_can_not_mean_is_an_error(project, table, said):
    project(table)
    done = scenario("explore", "x.yaml")
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_a_broken_file_that_is_not_about_us_is_left_alone(project, tmp_path):
    (tmp_path / "pyproject.toml").write_text("= 5")
    assert scenario("validate", "x.yaml").exit_code == 0
