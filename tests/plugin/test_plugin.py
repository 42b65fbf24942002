"""Scenario files as tests, in a pytest of their own."""

import xml.etree.ElementTree as ET

import pytest

pytest_plugins = ["pytester"]

FINE = """\
# why it is here
scenario: fine
tags: [quick, two words, skip]
cases: [{n: 1}, {n: 2}]
params: {n: 1}
vars: {counter: 0}
threads:
  A:
    steps:
      - counter += n
      - print: "adds {n}"
expect:
  - counter == n
"""
RACE = """\
scenario: race
vars: {counter: 0}
threads:
  A: {count: 2, steps: ["counter += 1"]}
expect:
  - counter == 2
"""
FAILING = RACE.replace("race", "failing").replace("counter == 2", "counter == 3")
INVALID = "scenario: invalid\nthreads:\n  A:\n    steps:\n      - counter += 1\n"
STRICT = "[pytest]\naddopts = --strict-markers -p no:cacheprovider -p no:hypothesispytest\n"


@pytest.fixture
def files(pytester):
    """Makes files by name; gives what runs pytest on them in a process of its own."""

    def make(*arguments, **texts):
        for name, text in texts.items():
            (pytester.path / f"{name}.scenario.yaml").write_text(text)
        return pytester.runpytest_subprocess(*arguments)

    pytester.makeini(STRICT)
    return make


def test_cases_are_items_named_by_their_params(files):
    done = files("--collect-only", "-q", x=FINE)
    done.stdout.fnmatch_lines(["x.scenario.yaml::fine[[]n=1]", "x.scenario.yaml::fine[[]n=2]"])


def test_tags_are_marks_even_where_marks_are_strict(files):
    files("-m", "quick", x=FINE, y=RACE).assert_outcomes(passed=2, deselected=1)


def test_a_failure_reads_like_the_command_lines(files):
    done = files(x=FAILING)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "FAIL failing*",
            "final:*is false*",
            " --> x.scenario.yaml:6:5",
            "reproduce: scenario run x.scenario.yaml --seed *",
        ]
    )
    done.stdout.no_fnmatch_line("*Traceback*")


def test_exploring_finds_what_a_run_does_not(files):
    done = files("--scenario-explore", x=RACE)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["FAILS race*", "how: 4 steps, 1 preemption"])


def test_an_invalid_file_is_an_error_of_collection_with_its_place(files):
    done = files(x=INVALID)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*SC*counter*", "*--> x.scenario.yaml:5:9"])


def test_strangers_yaml_is_left_alone(files, pytester):
    (pytester.path / "compose.yaml").write_text("services: {}\n")
    files("compose.yaml", x=RACE)
    assert files("--collect-only", "-q").stdout.lines[0] == "x.scenario.yaml::race"


def test_further_files_are_named_by_globs(pytester):
    pytester.makeini("[pytest]\nscenario_files = races/*.yaml\n")
    (pytester.path / "races").mkdir()
    (pytester.path / "races" / "a.yaml").write_text(RACE)
    (pytester.path / "b.yaml").write_text("not: ours\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_fixtures_run_explore_and_fail_the_test(files, pytester):
    pytester.makepyfile(
        """
        def test_run(run_scenario):
            assert run_scenario("x.scenario.yaml", params={}, seed=3)[0].final == {"counter": 2}

        def test_explore(explore_scenario):
            explore_scenario("x.scenario.yaml")

        def test_unchecked(explore_scenario):
            assert not explore_scenario("x.scenario.yaml", check=False).holds
        """
    )
    done = files(x=RACE)
    done.assert_outcomes(passed=3, failed=1)
    done.stdout.fnmatch_lines(["FAILED *test_explore*"])


def test_the_summary_and_the_xml_name_what_is_wrong(files, pytester):
    files("--junitxml=r.xml", x=FAILING).stdout.fnmatch_lines(["FAILED *::failing - final: `counter == 3` is false*"])
    (failure,) = ET.parse(pytester.path / "r.xml").getroot().iter("failure")
    assert failure.get("message") == "final: `counter == 3` is false: counter is 2"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('"none.scenario.yaml"', "none.scenario.yaml: No such file or directory"),
        ('"x.scenario.yaml", params={"n": 1}', "the file has no param 'n': it has none"),
    ],
)
def test_a_wrong_call_of_a_fixture_is_told_without_a_traceback(files, pytester, call, said):
    pytester.makepyfile(f"def test_it(run_scenario):\n    run_scenario({call})\n")
    done = files("-k", "test_it", x=RACE)
    done.stdout.fnmatch_lines([said])
    done.stdout.no_fnmatch_line("*site-packages*")
    done.stdout.no_fnmatch_line("*During handling*")


def test_workers_of_xdist_collect_the_same(files):
    pytest.importorskip("xdist", reason="pytest-xdist is not there")
    files("-n", "2", x=FINE, y=RACE).assert_outcomes(passed=3)


def test_a_report_in_junits_xml(files, pytester):
    files("--junitxml=r.xml", x=FINE, y=FAILING)
    cases = ET.parse(pytester.path / "r.xml").getroot().iter("testcase")
    assert [(case.get("name"), case.find("failure") is not None) for case in cases] == [
        ("fine[n=1]", False), ("fine[n=2]", False), ("failing", True),
    ]  # fmt: skip


def test_what_failed_last_is_run_alone(files, pytester):
    pytester.makeini("[pytest]\n")
    files(x=FINE, y=FAILING)
    files("--lf").assert_outcomes(failed=1)


def test_it_selects_by_keyword(files):
    files("-k", "fine and not race", x=FINE, y=RACE).assert_outcomes(passed=2, deselected=1)


def test_the_place_of_an_item_is_its_line(files):
    files("-rs", "--durations=0", x="requires: {python: '>=99'}\n" + RACE).stdout.fnmatch_lines(
        ["SKIPPED*requires Python >=99"]
    )


def test_the_plugin_costs_nothing_where_no_scenario_is(pytester):
    pytester.makepyfile(
        "import sys\ndef test_light():\n    assert {'yaml', 'pydantic', 'click', 'scenario.commands'}.isdisjoint(sys.modules)"
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
