"""More threads than there is time or room for."""

from __future__ import annotations

import threading

import pytest
from threads.files import outcome

from scenario.report.words.failures import message

TEXT = "vars: {n: 0}\nthreads: {A: {count: 5, steps: [{atomic: n += 1}]}}\n"


def test_more_threads_than_the_system_has_are_one_clear_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = threading.Thread.start, list[threading.Thread]()

    def start(thread: threading.Thread) -> None:
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    result = outcome(TEXT)
    (failure,) = result.failures
    assert (result.end, result.blocked, failure.kind, failure.thread) == ("ended", (), "error", "main")
    assert message(failure) == "main ended with RuntimeError: can't start new thread (the system had room for 3)"
