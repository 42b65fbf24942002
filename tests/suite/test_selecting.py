"""From paths to files."""

import pytest

from scenario.suite.selecting import selected


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in ("b.yaml", "a.yml", "x.txt", ".hidden.yaml", "sub/c.yaml", ".git/d.yaml", "sub/.e/f.yaml"):
        path = tmp_path / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
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
