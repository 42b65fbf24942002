"""Ctrl-C is raised where it is waited for, and nowhere else: what is being put together is not lost."""

from __future__ import annotations

import contextlib
import signal
import threading
from concurrent.futures import Executor, Future

import pytest
from cli.files import FINE, scenario

from scenario.commands.work import asking, side_by_side, units
from scenario.commands.work.making import Made
from scenario.ctrl_c import Held
from scenario.real.travelling import packed
from scenario.spread import Hands


def press() -> None:
    """Whichever thread does: also where the main one waits."""
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def test_it_is_due_at_the_next_place_where_it_is_heard():
    passed = []

    def work():
        with Held() as held:
            press()
            passed.append("not heard")
            held.heard(lambda: passed.append("waited"))

    with pytest.raises(KeyboardInterrupt):
        work()
    assert passed == ["not heard"]


def test_it_is_heard_at_once_where_one_waits():
    passed = []
    with Held() as held:
        with pytest.raises(KeyboardInterrupt):
            held.heard(lambda: (press(), passed.append("waited")))
        passed.append("after")
    assert passed == ["after"]


def test_it_is_due_at_the_end():
    passed = []

    def work():
        with Held():
            press()
            passed.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert passed == ["all of it"]


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_second_one_is_raised_wherever_it_comes(is_heard):
    with Held() as held:
        if is_heard:
            with pytest.raises(KeyboardInterrupt):
                held.heard(press)
        else:
            press()
        with pytest.raises(KeyboardInterrupt):
            press()


def test_afterwards_all_is_as_before():
    with Held():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        press()


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_who_hears_it_otherwise_goes_on_to(handler):
    before = signal.signal(signal.SIGINT, handler)
    try:
        with Held() as held:
            assert signal.getsignal(signal.SIGINT) is handler
            held.heard(press)
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_it_changes_nothing():
    passed = []

    def work():
        with Held() as held:
            held.heard(lambda: passed.append("waited"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert passed == ["waited"]


@pytest.fixture
def three(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(FINE.replace("fine", name))


@pytest.mark.parametrize(
    ("owner", "where", "case"),
    [(side_by_side._Task, "take", lambda task, *_: task.case), (side_by_side._Row, "_tell", lambda _, case, *__: case)],
)
def test_with_jobs_what_is_put_together_is_told_and_once(three, monkeypatch, owner, where, case):
    """Which it would not be if Ctrl-C were raised between the answer and its being written down."""
    true, names = getattr(owner, where), []

    def pressed(*given):
        if not names:
            names.append(case(*given).program.name)
            press()
        return true(*given)

    monkeypatch.setattr(owner, where, pressed)
    done = scenario("run", "-j", "2", "--color", "never", "a.yaml", "b.yaml", "c.yaml")
    assert done.exit_code == 130
    assert done.stdout.count(f"PASS {names[0]}") == 1
    assert "interrupted; so far: " in done.stdout


class Late(Executor):
    """Does the first unit, and never comes back from the others."""

    def __init__(self) -> None:
        self._count = 0

    def submit(self, _call, function, unit, _seconds, /):
        self._count += 1
        future = Future()
        future.set_running_or_notify_cancel()
        if self._count == 1:
            future.set_result(function(unit))
        elif self._count == 2:
            threading.Timer(0.1, press).start()
        return future


def test_what_comes_too_late_takes_nothing_with_it(three, monkeypatch):
    monkeypatch.setattr(side_by_side, "PATIENCE", 0.1)

    def nothing(*_):
        pass

    hands = Hands(Late(), 1, 1, nothing, nothing, nothing)
    monkeypatch.setattr(asking, "workers", lambda *_: contextlib.nullcontext(asking.By(hands, str)))
    done = scenario("run", "--times", "8", "--color", "never", "a.yaml")
    assert done.exit_code == 130
    assert "UNDECIDED a: 2 runs" in done.stdout


def test_what_is_done_is_packed_all_the_same(monkeypatch):
    calls = []

    def interrupted(value):
        calls.append(value)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return packed(value)

    made = Made(())
    monkeypatch.setattr(units, "_value", lambda _: made)
    monkeypatch.setattr(units, "packed", interrupted)
    assert units.opened(units.perform("unit")) == units.Done(made)
