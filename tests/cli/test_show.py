"""`scenario show`: who touches what, and the indivisible steps of each line."""

from pathlib import Path

import pytest
from cli.files import INVALID, scenario

SHOWN = """\
scenario: shown
description: Everything that takes more than one step.
params: {n: 2}
vars: {counter: 0, items: []}
primitives:
  lock: Lock
  changed: {Condition: lock}
  ready: Event
  gate: {Barrier: n}
threads:
  A:
    count: n
    steps:
      - local = 1
      - counter += 1
      - atomic:
          - counter += 1
          - items.append(counter)
      - with: lock
        do:
          - wait: changed
            timeout: 1
      - wait: gate
      - sleep: 1
  B: {daemon: true, steps: [{wait: ready}]}
"""
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def test_a_file_explained(snapshot):
    snapshot("show", scenario("show", "-", "--stdin-filename", "x.yaml", input=SHOWN).stdout)


def test_an_invalid_file_says_why():
    done = scenario("show", "-", input=INVALID)
    assert (done.exit_code, "<stdin>:5:9" in done.stderr) == (2, True)


@pytest.mark.parametrize("folder", sorted({str(path.parent) for path in SCENARIOS}))
def test_every_shipped_scenario_can_be_shown(folder):
    assert scenario("show", folder).exit_code == 0
