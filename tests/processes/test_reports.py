"""What processes tell the one that runs them."""

from multiprocessing import get_context

from scenario.engines.processes.reports import Printed, Reports


def test_who_is_late_tells_nobody_once_nothing_is_read_any_more():
    """Main is a thread of the process that runs it, and may end after that has closed the pipe: its traceback was shown."""
    reports = Reports(get_context("spawn"))
    reports.tell(Printed("a"))
    assert list(reports.heard()) == [Printed("a")]
    reports.close()
    reports.tell(Printed("b"))
