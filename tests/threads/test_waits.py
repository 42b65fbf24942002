"""Looks at threads that do not stand still: what a frame says may be over by then."""

import sys
from concurrent.futures import Future

from scenario.engines.threads.waits import _on_futures
from scenario.source import START


def test_a_result_that_has_come_while_we_looked_is_no_wait():
    seen = []

    def look(frame, event, _):
        if frame.f_code is Future.result.__code__:
            seen.append((event, _on_futures(frame, frame, START, False)))
            return look
        return None

    future = Future()
    future.set_result(1)
    sys.settrace(look)
    try:
        assert future.result() == 1
    finally:
        sys.settrace(None)
    assert seen[0][1].place == (future,)
    assert seen[-1] == ("return", None)
