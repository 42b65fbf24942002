"""An index that names no element: the same exception, with Python's own text, in `run`, `explore` and `replay`."""

from __future__ import annotations

import pytest
from threads.files import program

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.explore.explore import explore
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.report.words.failures import message
from scenario.results.outcome import Outcome

FILE = """
vars: {{x: 0}}
primitives:
  s: {{array: 3, of: {{Semaphore: 0}}}}
  l: {{array: 3, of: Lock}}
  q: {{array: 3, of: Queue}}
  c: {{array: 3, of: Condition}}
  e: {{array: 3, of: Event}}
  b: {{array: 3, of: {{Barrier: 2}}}}
  p: {{array: 3, of: {{ThreadPoolExecutor: 1}}}}
routines:
  r: {{steps: [x = 2]}}
  one: {{params: [v], steps: [pass]}}
threads:
  w: {{count: 3, steps: [pass]}}
  a: {{steps: [k = {index}, {operation}]}}
main: [{{start: a}}, {{join: a}}]
"""
OPERATIONS = (
    "{start: 'w[k]'}", "{join: 'w[k]'}", "{acquire: 's[k]'}", "{release: 'l[k]'}", "{with: 'l[k]', do: [pass]}",
    "{put: 'q[k]', item: 1}", "{get: 'q[k]'}", "{task_done: 'q[k]'}", "{join: 'q[k]'}",
    "{wait: 'c[k]'}", "{notify: 'c[k]'}", "{notify_all: 'c[k]'}", "{set: 'e[k]'}", "{clear: 'e[k]'}", "{wait: 'e[k]'}",
    "{wait: 'b[k]'}", "{abort: 'b[k]'}", "{reset: 'b[k]'}", "{submit: r, to: 'p[k]'}", "{shutdown: 'p[k]'}",
    "'x = q[k].qsize()'", "'x = w[k].alive'", "'x = l[k].locked()'", "{map: one, over: [1], to: 'p[k]'}",
)  # fmt: skip
TEXTS = {
    "9": ("IndexError", "list index out of range"),
    "-4": ("IndexError", "list index out of range"),
    "0.5": ("TypeError", "list indices must be integers or slices, not float"),
    "'a'": ("TypeError", "list indices must be integers or slices, not str"),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("index", TEXTS)
def test_an_element_that_is_not_there_is_pythons_exception_in_every_engine(index: str, operation: str) -> None:
    of = program(FILE.format(index=index, operation=operation))
    (found,) = explore(of, judge=judge).findings
    assert found.failure.kind == "error"
    (script,) = retrace(of, found.schedule)
    again = replay(of, script)
    assert again.diverged is None
    assert [_error(run(of)), _error(again.outcome)] == [TEXTS[index]] * 2
    assert ": ".join(TEXTS[index]) in message(found.failure)


def _error(outcome: Outcome) -> tuple[str, str]:
    error = outcome.errors["a"]
    return error.name, error.message
