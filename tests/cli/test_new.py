"""`scenario new`: a file to start from, which is a scenario that is shipped."""

from pathlib import Path

import pytest
from cli.files import results, scenario

from scenario.cli.new_command import templates

SHIPPED = {
    "thread": "basic_thread.yaml",
    "lock": "lock.yaml",
    "semaphore": "semaphore.yaml",
    "event": "event.yaml",
    "thread-class": "thread_class.yaml",
    "thread-pool": "thread_pool.yaml",
    "producer-consumer": "conditions/producer_consumer.yaml",
    "lost-update": "lost_updates/unlocked.yaml",
    "deadlock": "bugs/abba.yaml",
}
ELSEWHERE = ("# yaml-language-server", "scenario:", "runtimes:")  # a file to start from is about threads
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_every_template_is_known_here():
    assert templates() == sorted(SHIPPED)


@pytest.mark.parametrize("template", SHIPPED)
def test_a_template_is_the_shipped_scenario_under_a_new_name(template):
    shipped = (SCENARIOS / SHIPPED[template]).read_text().splitlines()
    made = scenario("new", "mine", "--template", template, "-o", "-").stdout.splitlines()
    if template == "lock":  # the shipped one is explored with -p
        assert made[-2:] == ["explore:", "  params: {workers: 3, rounds: 2}"]
        del made[-2:]
    assert [line for line in shipped if not line.startswith(ELSEWHERE)] == [
        line for line in made if line != "scenario: mine"
    ]


def test_it_writes_a_valid_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = scenario("new", "my-race", "--template", "lost-update")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "my-race.scenario.yaml")
    (result,) = results(scenario("validate", "my-race.scenario.yaml", "--output-format", "json"))
    assert (result["scenario"], result["verdict"]) == ("my-race", "holds")


@pytest.mark.parametrize("template", SHIPPED)
def test_exploring_decides_what_was_made(template):
    made = scenario("new", "mine", "--template", template, "-o", "-").stdout
    assert scenario("explore", "-", input=made).exit_code == 0


def test_it_never_overwrites(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.scenario.yaml").write_text("mine")
    assert scenario("new", "x").exit_code == 2
    assert (tmp_path / "x.scenario.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["a/b", "..", "", "a: b", "-x"])
def test_a_name_that_can_be_no_file_is_refused(name):
    assert scenario("new", "--", name).exit_code == 2


@pytest.mark.parametrize("name", ["x", "x.scenario.yaml", "x.scenario.yml", "x.yaml"])
def test_the_name_of_the_file_will_do(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert scenario("new", name).exit_code == 0
    (file,) = tmp_path.iterdir()
    assert file.name == (name if "." in name else "x.scenario.yaml")
    assert "scenario: x\n" in file.read_text()


def test_a_name_of_any_bytes_is_shown_as_a_terminal_can(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = scenario("new", "x", "-o", "\udcff\x1b[31m.yaml")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "\\udcff\\x1b[31m.yaml")
