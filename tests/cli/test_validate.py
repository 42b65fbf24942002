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


def test_a_named_file_that_is_no_scenario_gets_one_error_that_says_so(folder):
    (folder / "ci.yaml").write_text("name: CI\non: [push]\nanchored: &a 1\njobs: {build: {runs-on: ubuntu}}\n")
    (failure,) = results(scenario("validate", "ci.yaml", "--output-format", "json"))[0]["failures"]
    assert (failure["kind"], failure["message"]) == ("SC102", "it has no `scenario:` key: this is no scenario file")
    assert "scenario new" in failure["help"]


def test_a_scenario_with_misspelt_keys_is_still_meant_as_one(folder):
    (folder / "a.yaml").write_text("scenaro: x\nthreds: {A: {steps: [pass]}}\n")
    failures = results(scenario("validate", "a.yaml", "--output-format", "json"))[0]["failures"]
    assert [failure["help"] for failure in failures] == ["did you mean `scenario`?", "did you mean `threads`?"]


def test_it_stops_at_the_first_that_is_not_valid_and_names_the_others(folder):
    for name, text in {"a": FINE, "b": INVALID, "c": INVALID}.items():
        (folder / f"{name}.yaml").write_text(text)
    done = scenario("validate", "-x", "a.yaml", "b.yaml", "c.yaml")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (2, "not checked: c.yaml")


def test_quiet_shows_nothing_of_what_is_valid(folder):
    (folder / "a.yaml").write_text(FINE.replace("{lock: Lock}", "{lock: Lock, spare: Lock}"))
    assert "SC409" in scenario("validate", "a.yaml").stdout
    assert len(scenario("validate", "-q", "a.yaml").stdout.splitlines()) == 1


def test_what_can_not_be_read_is_shown_whatever_is_selected(folder):
    (folder / "a.yaml").write_text(FINE)
    (folder / "b.yaml").write_text("scenario: b\nthreads: {A: {steps: [{aquire: l}]}}\n")
    done = scenario("validate", "-k", "fine", "a.yaml", "b.yaml")
    assert (done.exit_code, "did you mean `acquire`?" in done.stdout) == (2, True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1s", "1"), ("1.5 s", "1.5"), ("250ms", "0.25"), ("5 seconds", "5"), ("2 min", "120"), ("1h", "3600")],
)
def test_a_time_with_a_unit_is_told_in_seconds(folder, written, meant):
    (folder / "a.yaml").write_text(
        f"scenario: a\ntimeout: {written}\nthreads: {{A: {{steps: [{{sleep: {written}}}]}}}}\n"
    )
    failures = results(scenario("validate", "a.yaml", "--output-format", "json"))[0]["failures"]
    assert [failure["help"] for failure in failures] == [f"a time is a number of seconds: `{meant}`"] * 2
