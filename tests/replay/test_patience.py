"""A replay waits for who is on the way, however long that takes on a busy machine."""

from replay.steps import played

from scenario.engines.threads.controlled import stage

FILE = """\
scenario: busy
vars: {x: 0}
threads:
  A:
    steps:
      - x = 1
      - repeat: 15000
        do: [y = index + 1]
      - x = 2
"""


def test_a_step_whose_local_work_takes_longer_than_the_patience_is_waited_for(monkeypatch):
    """As if the machine were so busy that what takes a moment takes seconds."""
    monkeypatch.setattr(stage, "PATIENCE", 0.2)
    assert played(FILE, "A*2").diverged is None
