"""What processes tell the one that runs them."""

import threading
from multiprocessing import get_context

from scenario.engines.processes.reports import Printed, Reports


def test_who_is_late_tells_nobody_once_nothing_is_read_any_more():
    """Main is a thread of the process that runs it, and may end after that has closed the pipe: its traceback was shown."""
    reports = Reports(get_context("spawn"))
    reports.tell(Printed("a"))
    assert list(reports.heard()) == [Printed("a")]
    reports.close()
    reports.tell(Printed("b"))


def test_who_is_late_in_the_middle_of_a_message_ends(monkeypatch):
    """The pipe is full, and nobody reads it any more."""
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    reports = Reports(get_context("spawn"))
    late = threading.Thread(target=lambda: [reports.tell(Printed("x" * 100_000)) for _ in range(9)], daemon=True)
    late.start()
    assert reports.reading.poll(30)
    reports.close()
    late.join(30)
    assert (late.is_alive(), raised) == (False, [])
