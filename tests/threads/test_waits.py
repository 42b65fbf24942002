"""Looks at threads that do not stand still: what a frame says may be over by then."""

import gc
import subprocess
import sys
from concurrent.futures import Future

import pytest
from threads.files import outcome

from scenario.engines.threads.watch.undisturbed import NEEDED, undisturbed
from scenario.engines.threads.watch.waits import _on_futures
from scenario.engines.threads.watch.watcher import Watcher
from scenario.source import START

ENDS_WHILE_IT_IS_READ = """
import gc, sys, threading
from scenario.engines.threads.watch.undisturbed import undisturbed

go, inside = threading.Event(), threading.Event()
def waiting():
    inside.set()
    go.wait()

thread = threading.Thread(target=waiting)
thread.start()
inside.wait()

def ends(phase, info):
    go.set()
    thread.join()

def look():
    frame = sys._current_frames()[thread.ident]
    while frame.f_code is not waiting.__code__:
        frame = frame.f_back
    many = [{} for _ in range(200)]  # what Python keeps of freed ones is used up
    gc.callbacks.append(ends)
    gc.set_threshold(1)
    return frame.f_locals

undisturbed(look)()
go.set()
"""


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


def test_a_frame_that_would_end_while_it_is_read_does_not_crash_python():
    """Without `undisturbed` this is a segmentation fault in CPython 3.11."""
    assert subprocess.run([sys.executable, "-c", ENDS_WHILE_IT_IS_READ], check=False, timeout=60).returncode == 0


@pytest.mark.skipif(not NEEDED, reason="the collector runs between two instructions")
@pytest.mark.parametrize("is_on", [True, False])
def test_the_collector_waits_while_frames_are_read_and_is_left_as_it_was(is_on):
    seen = []
    looked = Watcher.look

    def look(watcher):
        seen.append(gc.isenabled())
        return looked(watcher)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Watcher, "look", look)
        try:
            gc.enable() if is_on else gc.disable()
            done = outcome("""
                threads:
                  A: {steps: [{sleep: 0.3}]}
                  B: {steps: [{await: "A.blocked == 0 and not A.is_alive()"}]}
            """)
            assert gc.isenabled() is is_on
        finally:
            gc.enable()
    assert done.end == "finished"
    assert len(seen) > 3
    assert not any(seen)


def test_what_is_read_is_given_and_what_is_raised_is_raised():
    assert undisturbed(lambda a, b=0: (a, b))(1, b=2) == (1, 2)
    with pytest.raises(KeyError):
        undisturbed({}.__getitem__)("x")
    assert gc.isenabled()
