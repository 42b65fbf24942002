"""Exceptions of the user's own, named by the module that has them: in `errors`, `except`, `raises` and `raise`, in every engine alike."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli.files import results, scenario

pytestmark = pytest.mark.xdist_group("files of own code")

BANK = """\
class Overdrawn(ValueError):
    pass

def fail(): raise Overdrawn("no money")
def refuse(): raise KeyError("no")
"""
OTHER = "from bank import Overdrawn as Broke\n\ndef nothing(): pass\n"
HEAD = "scenario: x\npython: {fail: 'bank:fail', refuse: 'bank:refuse'}\nvars: {x: 0}\n"


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bank.py").write_text(BANK)
    Path("other.py").write_text(OTHER)

    def verdict(command, text, *options):
        Path("x.yaml").write_text(text)
        allowed = ("--allow-python", "bank", "--allow-python", "other")
        (result,) = results(scenario(command, "x.yaml", *allowed, "--output-format", "json", *options))
        return result

    return verdict


NAMES = ["bank.Overdrawn", "ValueError", "Exception"]
PLACES = {
    "errors": "threads: {A: {steps: [{call: fail}]}}\nexpect: {errors: {A: NAME}}\n",
    "except": (
        "threads: {A: {steps: [{try: [{call: fail}], except: {NAME: [x = 1, {assert: error == 'no money'}]}}]}}\n"
        "expect: [x == 1]\n"
    ),
    "raises": "threads: {A: {steps: [{call: fail, raises: NAME}, x = 1]}}\nexpect: [x == 1]\n",
    "raise": (
        "threads: {A: {steps: [{try: [{raise: bank.Overdrawn, message: hey}], except: {NAME: [x = 1]}}]}}\n"
        "expect: [x == 1]\n"
    ),
    "set_exception": (
        "primitives: {f: Future}\n"
        "threads: {A: {steps: [{set_exception: f, error: bank.Overdrawn}, {result: f, raises: NAME}]}}\n"
    ),
}


@pytest.mark.parametrize("command", ["run", "explore"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_it_is_met_by_its_own_name_and_by_those_of_its_bases(bank, command, name, place):
    result = bank(command, HEAD + PLACES[place].replace("NAME", name))
    assert (result["verdict"], result["failures"]) == ("holds", [])


@pytest.mark.parametrize("command", ["run", "explore"])
@pytest.mark.parametrize("place", ["errors", "except", "raises"])
def test_another_exception_is_not_met(bank, command, place):
    text = HEAD + PLACES[place].replace("NAME", "bank.Overdrawn").replace("call: fail", "call: refuse")
    assert bank(command, text)["verdict"] == "fails"


@pytest.mark.parametrize("command", ["run", "explore"])
def test_it_goes_by_each_module_that_has_it(bank, command):
    text = HEAD.replace("python: {", "python: {nothing: 'other:nothing', ") + PLACES["errors"]
    assert bank(command, text.replace("NAME", "other.Broke"))["verdict"] == "holds"


def test_a_failure_replays_as_that_exception(bank):
    text = HEAD + "threads: {A: {steps: [{try: [{call: fail}], except: {bank.Overdrawn: [raise]}}]}}\n"
    (failure,) = bank("explore", text)["failures"]
    (again,) = bank("replay", text, "--schedule", failure["schedule"])["failures"]
    assert again["message"] == failure["message"] == "A ended with Overdrawn: no money"


def test_the_module_that_has_it_stands_under_python(bank):
    text = "scenario: x\nthreads:\n  A: {steps: [{raise: bank.Overdrawn}]}\n"
    result = bank("validate", text)
    assert result["verdict"] == "invalid"
    assert [(f["kind"], f["line"], f["column"], f["message"]) for f in result["failures"]] == [
        ("SC113", 3, 23, "unknown exception `bank.Overdrawn`: it is of no module under `python`")
    ]


@pytest.mark.parametrize(
    ("name", "said"), [("bank.Nobody", "`bank` has no `Nobody`"), ("bank.fail", "`bank.fail` is no exception")]
)
@pytest.mark.parametrize("command", ["run", "explore"])
def test_what_the_module_does_not_have_as_an_exception_is_refused(bank, command, name, said):
    result = bank(command, HEAD + PLACES["errors"].replace("NAME", name))
    assert result["verdict"] == "invalid"
    assert result["failures"][0]["kind"] == "SC352"
    assert said in result["failures"][0]["message"]


def test_who_names_a_module_for_its_exceptions_uses_it(bank):
    text = HEAD + "threads: {A: {steps: [{raise: bank.Overdrawn}]}}\nexpect: {errors: {A: bank.Overdrawn}}\n"
    assert [one["message"] for one in bank("validate", text)["warnings"]] == ["nothing uses the variable `x`"]


def test_the_exported_program_imports_it(bank):
    text = HEAD + PLACES["except"].replace("NAME", "bank.Overdrawn")
    Path("x.yaml").write_text(text)
    Path("program.py").write_text(scenario("export", "x.yaml", "--to", "python", "--allow-python", "bank").stdout)
    assert "except bank.Overdrawn" in Path("program.py").read_text()
    assert subprocess.run([sys.executable, "program.py"], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("command", ["run", "explore"])
def test_one_that_is_called_as_one_of_pythons_is_not_met_by_the_bare_name(bank, command):
    """`Empty` in a file is that of `queue`."""
    Path("bank.py").write_text("class Empty(Exception):\n    pass\n\ndef fail(): raise Empty('mine')\n")
    text = (
        "scenario: x\npython: {fail: 'bank:fail'}\nthreads: {A: {steps: [{call: fail}]}}\nexpect: {errors: {A: NAME}}\n"
    )
    met = {name: bank(command, text.replace("NAME", name))["verdict"] for name in ("Empty", "bank.Empty", "Exception")}
    assert [verdict in ("passed", "holds") for verdict in met.values()] == [False, True, True], met
