"""From paths to files."""

import pytest

from scenario.files.selecting import Selected
from scenario.files.selecting import selected as select

NAME = "scenario: x\n"


def selected(paths, exclude=()):
    return [*select(paths, exclude).files]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in ("b.yaml", "a.yml", "x.txt", ".hidden.yaml", "sub/c.yaml", ".git/d.yaml", "sub/.e/f.yaml"):
        path = tmp_path / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NAME)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_directory_gives_its_yaml_files_sorted_and_none_that_is_hidden(tree):
    assert selected(["s"]) == ["s/a.yml", "s/b.yaml", "s/sub/c.yaml"]


def test_a_trailing_slash_and_a_dot_change_nothing(tree):
    assert selected(["s/"]) == ["s/a.yml", "s/b.yaml", "s/sub/c.yaml"]
    assert selected(["./s/b.yaml", "s"])[0] == "./s/b.yaml"


def test_a_file_is_taken_whatever_its_name(tree):
    assert selected(["s/x.txt", "s/.hidden.yaml"]) == ["s/x.txt", "s/.hidden.yaml"]


def test_a_missing_file_is_kept_for_the_report(tree):
    assert selected(["nowhere.yaml"]) == ["nowhere.yaml"]


def test_globs_are_expanded_also_recursively(tree):
    assert selected(["s/*.y*ml"]) == ["s/a.yml", "s/b.yaml"]
    assert selected(["s/**/*.yaml"]) == ["s/b.yaml", "s/sub/c.yaml"]
    assert selected(["s/*"]) == ["s/a.yml", "s/b.yaml", "s/sub/c.yaml", "s/x.txt"]


def test_a_glob_without_a_match_selects_nothing(tree):
    assert selected(["s/*.json"]) == []


def test_each_file_comes_once(tree):
    assert selected(["s/b.yaml", "s", "s/b.yaml"]) == ["s/b.yaml", "s/a.yml", "s/sub/c.yaml"]


@pytest.mark.parametrize("pattern", ["sub", "s/sub", "s/sub/", "c.yaml", "*/sub/*", "s/sub/c.yaml"])
def test_exclude_speaks_of_a_path_its_beginning_or_one_part(tree, pattern):
    assert selected(["s"], [pattern]) == ["s/a.yml", "s/b.yaml"]


def test_a_link_that_goes_round_is_not_followed(tree):
    (tree / "s" / "sub" / "round").symlink_to(tree / "s")
    assert selected(["s"]) == ["s/a.yml", "s/b.yaml", "s/sub/c.yaml"]


def test_dash_is_standard_input(tree):
    assert selected(["-"], ["*"]) == ["-"]


STRANGERS = {
    "compose.yaml": "services: {web: {image: x}}\n",
    "nested.yaml": "jobs:\n  scenario: deploy\n",
    "text.yaml": "text: |\n  scenario: x\n",
    "empty.yml": "",
    "binary.yaml": "\x00scenario: x",
}
SCENARIOS = {
    "plain.yaml": NAME,
    "quoted.yaml": '# a comment\n"scenario": x\n',
    "flow.yaml": "{scenario: x}\n",
    "broken.yaml": "scenario: x\nthreads: [\n",
    "by_name.scenario.yaml": "threads: {}\n",
    "by_name.scenario.yml": "",
}


def test_of_a_directory_only_scenarios_are_taken_and_the_rest_is_counted(tmp_path):
    for name, text in (STRANGERS | SCENARIOS).items():
        (tmp_path / name).write_text(text)
    found = select([str(tmp_path)])
    assert {path.rpartition("/")[2] for path in found.files} == SCENARIOS.keys()
    assert found.others == len(STRANGERS)


def test_whoever_names_a_file_means_it(tmp_path):
    path = tmp_path / "compose.yaml"
    path.write_text(STRANGERS["compose.yaml"])
    for ways in ([path], [tmp_path, path], [path, tmp_path], [tmp_path / "*.yaml"]):
        assert select([*map(str, ways)]) == Selected((str(path),))
