"""`scenario run --times N`: how often, and how little "never" means."""

import pytest
from cli.files import CHOICE, results, scenario

from scenario.commands.running import upper_bound

NEVER = """\
scenario: never
vars: {x: 1}
threads:
  A:
    steps:
      - x = 2
expect:
  sometimes: [x == 7]
  outcomes:
    - {when: x == 5, is: forbidden}
    - {when: x == 2, is: acceptable}
"""
ORDER = """\
scenario: order
vars: {first: null}
threads:
  A:
    steps:
      - first = first or 'A'
  B:
    steps:
      - first = first or 'B'
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in {"choice": CHOICE, "never": NEVER, "order": ORDER}.items():
        (tmp_path / f"{name}.yaml").write_text(text)


def test_the_table_has_count_share_witness_label_and_reason():
    told = scenario("run", "choice.yaml", "--times", "20", "--seed", "1").stdout
    head = next(line for line in told.splitlines() if "first seed" in line)
    assert head.split() == ["x", "runs", "share", "first", "seed", "label", "because"]


def test_the_witness_seed_shows_its_row_again():
    told = scenario("run", "choice.yaml", "--times", "20", "--seed", "1").stdout
    x, _, _, seed = next(line for line in told.splitlines() if "interesting" in line).split()[:4]
    (again,) = results(scenario("run", "choice.yaml", "--seed", seed, "--output-format", "json"))
    assert again["final"] == {"x": int(x)}


def test_what_was_never_seen_is_said_with_its_bound():
    told = scenario("run", "never.yaml", "--times", "10").stdout
    assert (
        "never seen in 10 runs: sometimes `x == 7`, forbidden `x == 5`: at 95 % confidence "
        "its share is still up to 26 % (every interleaving: scenario explore never.yaml)"
    ) in told


def test_a_single_run_says_nothing_of_shares():
    assert "confidence" not in scenario("run", "never.yaml").stdout


def test_where_all_was_seen_a_failure_may_still_have_been_missed():
    told = scenario("run", "choice.yaml", "--times", "20", "--seed", "1").stdout
    assert "  no failure in 20 runs: at 95 % confidence its share is still up to 14 % (every" in told


@pytest.mark.parametrize(("runs", "bound"), [(1, 0.95), (300, 0.009936), (3_000_000, 1e-6)])
def test_the_bound_is_exact_and_near_three_over_n(runs, bound):
    assert upper_bound(runs) == pytest.approx(bound, rel=5e-3)


def test_stress_starts_threads_in_any_order():
    (result,) = results(scenario("run", "order.yaml", "--times", "60", "--stress", "--output-format", "json"))
    assert {row["values"]["first"] for row in result["outcomes"]} == {"A", "B"}


def test_the_headline_says_how_many_runs_failed(tmp_path):
    failing = CHOICE.replace("is: interesting", "is: forbidden")
    (tmp_path / "failing.yaml").write_text(failing)
    done = scenario("run", "failing.yaml", "--times", "20", "--seed", "1")
    x2 = next(line for line in done.stdout.splitlines() if "forbidden" in line and line.split()[0] == "2")
    assert f"FAIL choice: {x2.split()[1]} of 20 runs failed" in done.stdout
    assert "PASS choice: 20 runs" in scenario("run", "choice.yaml", "--times", "20", "--seed", "1").stdout
