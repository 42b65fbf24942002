"""`list`, `explain`, `schema`, `--version`, and faults that reach the top."""

import subprocess
import sys

import pytest
from cli.files import FINE, INVALID, results, scenario

from scenario import __version__


def test_list_has_a_line_for_each_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(FINE)
    (tmp_path / "b.yaml").write_text(INVALID.replace("threads", "thraeds"))
    lines = scenario("list", ".").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["a.yaml", "fine"], ["b.yaml", "(invalid)"]]


def test_list_fits_the_terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    (tmp_path / "a.yaml").write_text(
        FINE.replace("tags:", "description: Two threads add under one lock; none is lost.\ntags:")
    )
    (tmp_path / "b.yaml").write_text(FINE)
    assert scenario("list", ".").stdout.splitlines() == [
        "a.yaml: fine [quick, lock]",
        "  Two threads add under one lock; none is lost.",
        "b.yaml: fine [quick, lock]",
    ]


def test_list_of_nothing_is_five(tmp_path):
    assert scenario("list", tmp_path).exit_code == 5


def test_explain_shows_what_why_and_examples():
    text = scenario("explain", "sc101").stdout
    assert text.startswith("# SC101 ")
    assert "## Why" in text


def test_explain_fits_the_terminal(monkeypatch):
    whole = scenario("explain", "SC404").stdout
    monkeypatch.setenv("COLUMNS", "60")
    text = scenario("explain", "SC404").stdout
    assert max(map(len, text.splitlines())) <= 60 < max(map(len, whole.splitlines()))
    assert text.split() == whole.split()


def test_explain_without_a_code_lists_them_all():
    assert len(scenario("explain").stdout.splitlines()) > 40


def test_explain_of_an_unknown_code_is_two():
    assert scenario("explain", "SC999").exit_code == 2


def test_schema_is_in_step_with_the_file(tmp_path):
    file = tmp_path / "s.json"
    assert scenario("schema", "-o", file).exit_code == 0
    assert scenario("schema", "--check", file).exit_code == 0
    file.write_text("{}")
    assert scenario("schema", "--check", file).exit_code == 1
    assert scenario("schema", "--check", tmp_path / "none").exit_code == 2


def test_version():
    assert scenario("--version").stdout == f"scenario, version {__version__}\n"


@pytest.mark.parametrize(("error", "code"), [("RuntimeError('ours')", 70), ("KeyboardInterrupt()", 130)])
def test_no_traceback_ever_reaches_a_user(error, code):
    probe = f"""
import sys
from scenario.cli import main
def broken(**options): raise {error}
main.cli.main = broken
main.main()
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert ("report" in done.stderr) is (code == 70)


def test_list_for_programs(tmp_path):
    (tmp_path / "a.yaml").write_text(FINE)
    (tmp_path / "b.yaml").write_text("scenario: [")
    fine, broken = results(scenario("list", tmp_path, "--output-format", "json"))
    assert (fine["scenario"], fine["tags"], broken["scenario"]) == ("fine", ["quick", "lock"], None)


@pytest.mark.parametrize("command", ["run", "validate", "list"])
def test_other_yaml_of_a_directory_is_counted_and_no_mistake(tmp_path, command):
    (tmp_path / "a.yaml").write_text(FINE)
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    done = scenario(command, tmp_path)
    assert done.exit_code == 0
    assert "1 other YAML file has no top-level `scenario:` key and was passed over" in done.output
    assert "compose.yaml" not in done.output


@pytest.mark.parametrize("command", [["schema"], ["list", "x.yaml"], ["show", "x.yaml"], ["export", "--to", "promela", "x.yaml"], ["new", "y"], ["validate", "x.yaml"]], ids=lambda c: c[0])  # fmt: skip
def test_a_hyphen_as_the_output_file_is_standard_output(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(
        FINE.replace("  tags: [quick, lock]\n", "").replace('      - print: "{name} is done"\n', "")
    )
    assert scenario(*command, "-o", "-").stdout
    assert [path.name for path in tmp_path.iterdir()] == ["x.yaml"]


@pytest.mark.parametrize("command", [["list"], ["show"], ["export", "--to", "promela"], ["validate"], ["run"]], ids=lambda c: c[0])  # fmt: skip
def test_nothing_is_written_over_the_scenario_itself(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    text = FINE.replace('      - print: "{name} is done"\n', "")
    (tmp_path / "x.yaml").write_text(text)
    (tmp_path / "link").symlink_to("x.yaml")
    done = scenario(*command, "x.yaml", "-o", "link")
    assert (done.exit_code, (tmp_path / "x.yaml").read_text()) == (2, text)
    assert "link is the scenario itself" in done.stderr
