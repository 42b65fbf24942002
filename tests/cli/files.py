"""Small scenario files, and the command line on them."""

import json

from click.testing import CliRunner

from scenario.cli.main import cli

FINE = """\
scenario: fine
tags: [quick, lock]
params: {workers: 2}
vars: {counter: 0}
primitives: {lock: Lock}
threads:
  A:
    count: workers
    steps:
      - with: lock
        do:
          - counter += 1
      - print: "{name} is done"
expect:
  - counter == workers
"""
FAILING = """\
scenario: failing
vars: {counter: 0}
threads:
  A:
    steps:
      - counter += 1
expect:
  - counter == 2
"""
DEADLOCK = """\
scenario: stuck
primitives: {lock: Lock}
threads:
  A:
    steps:
      - acquire: lock
      - acquire: lock
"""
INVALID = """\
scenario: invalid
threads:
  A:
    steps:
      - counter += 1
"""
CASES = FINE.replace("params: {workers: 2}", "params: {workers: 2}\ncases: [{workers: 1}, {workers: 3}]")
CHOICE = """\
scenario: choice
vars: {x: 0}
threads:
  A:
    steps:
      - choose: x
        from: "[1, 2]"
expect:
  outcomes:
    - {when: x == 1, is: acceptable, because: one}
    - {when: x == 2, is: interesting}
"""
PYTHON = """\
scenario: python
python:
  f: antigravity:f
threads:
  A:
    steps:
      - call: f
"""


def scenario(*arguments, input=None):  # noqa: A002 (click's name)
    """What the command gives: `exit_code`, `stdout`, `stderr`."""
    return CliRunner().invoke(cli, [*map(str, arguments)], input=input, prog_name="scenario", catch_exceptions=False)


def results(done):
    """The results of `--output-format json`."""
    return json.loads(done.stdout)["results"]
