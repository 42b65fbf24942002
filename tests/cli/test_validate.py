"""`scenario validate` from end to end."""

import re

import pytest
from cli.files import FINE, INVALID, PYTHON, results, scenario


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_valid_files_are_counted(folder):
    (folder / "a.yaml").write_text(FINE)
    done = scenario("validate", ".")
    assert (done.exit_code, done.stdout.split(" in ")[0]) == (0, "1 valid")


def test_an_error_as_users_read_it(folder, snapshot):
    (folder / "a.yaml").write_text(INVALID)
    done = scenario("validate", "a.yaml")
    assert done.exit_code == 2
    snapshot("validate-invalid", re.sub(r"\d+\.\d\d s", "N s", done.stdout))


def test_json_has_the_code_and_the_place(folder):
    (folder / "a.yaml").write_text(INVALID)
    (result,) = results(scenario("validate", "a.yaml", "--output-format", "json"))
    failure = result["failures"][0]
    assert (result["verdict"], failure["line"], failure["column"]) == ("invalid", 5, 9)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"a: [", b"---\na: 1\n---\nb: 2\n", b"[1]", b"[" * 30000, b"a: 1\na: 2", b"a: &x 1", b"#" * 5_000_000, bytes(range(256))],
    ids=["empty", "utf-16", "open", "two documents", "a list", "brackets", "duplicate", "anchor", "large", "binary"],
)  # fmt: skip
def test_any_bytes_give_a_diagnostic(folder, data):
    (folder / "a.yaml").write_bytes(data)
    done = scenario("validate", "a.yaml", "--output-format", "json")
    assert (done.exit_code, results(done)[0]["verdict"]) == (2, "invalid")
    assert results(done)[0]["failures"]


def test_nothing_is_run(folder):
    (folder / "a.yaml").write_text(FINE)
    assert "is done" not in scenario("validate", "a.yaml").stdout


def test_a_module_that_is_not_allowed_is_found(folder):
    (folder / "a.yaml").write_text(PYTHON)
    assert scenario("validate", "a.yaml").exit_code == 2
    assert scenario("validate", "a.yaml", "--allow-python", "antigravity").exit_code == 0


def test_a_folder_is_no_file_on_stdin(folder):
    done = scenario("validate", "-", input="scenario: 1\n")
    assert (done.exit_code, "<stdin>:1" in done.stdout) == (2, True)
