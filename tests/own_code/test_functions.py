"""Each function of a module is rewritten wherever it is, also one that was made after the module was first looked at."""

import functools
import gc
import importlib
import os
import sys
import threading
from pathlib import Path

import pytest
from own_code.modules import module

from scenario import explore_code
from scenario.engines.code.rewriting import functions, installed

ADDERS = """
    import elsewhere

    total = 0

    def adder(amount):
        def add(_):
            global total
            seen = total
            total = seen + amount
        return add

    def added(_):
        for each in elsewhere.kept:
            each(None)

    def reset():
        global total
        total = 0
"""


def explored(adders):
    return explore_code(adders.reset, [adders.added] * 2, check=lambda _: adders.total == 2, modules=[adders])


def test_a_closure_that_only_another_module_keeps_is_looked_into_though_it_was_made_between_two_searches(
    tmp_path, monkeypatch
):
    elsewhere = module(tmp_path, "kept = []\n")
    monkeypatch.setitem(sys.modules, "elsewhere", elsewhere)
    adders = module(tmp_path, ADDERS)
    assert explored(adders).verdict == "fails"  # nothing is added: the functions are known by now
    elsewhere.kept.append(adders.adder(1))
    assert explored(adders).failure.pattern.name == "lost update"


def test_a_module_that_was_loaded_again_is_looked_into(tmp_path, monkeypatch):
    (tmp_path / "reloaded_adders.py").write_text(
        "class Cell:\n    value = 0\n\nhooks = []\n\ndef add(cell):\n    cell.value += 1\n\nhooks.append(add)\ndel add\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    reloaded = importlib.import_module("reloaded_adders")

    def last_hook(cell):
        reloaded.hooks[-1](cell)

    try:
        for _ in range(2):
            found = explore_code(
                reloaded.Cell,
                [last_hook] * 2,
                check=lambda cell: cell.value == 2,
                modules=[reloaded],
            )
            assert found.verdict == "fails", found.text()
            importlib.reload(reloaded)
    finally:
        del sys.modules["reloaded_adders"]


COUNTING = """
    import threading

    lock = threading.Lock()

    class Cell:
        value = 0

    def add(cell):
        with lock:
            cell.value += 1
"""


def counted(counting):
    return explore_code(counting.Cell, [counting.add] * 2, check=lambda cell: cell.value == 2, modules=[counting])


@pytest.mark.parametrize("settled", [installed.SETTLED, 0])
def test_a_file_that_was_changed_and_loaded_again_is_read_again(tmp_path, monkeypatch, settled):
    """Also where it is as long as before, and as old."""
    monkeypatch.setattr(installed, "SETTLED", settled)
    counting = module(tmp_path, COUNTING)
    assert counted(counting).holds
    assert counted(counting).holds
    file = Path(counting.__file__)
    before = file.stat()
    file.write_text(file.read_text().replace("with lock:", "if   lock:"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    exec(compile(file.read_text(), counting.__file__, "exec"), vars(counting))
    assert counted(counting).failure.pattern.name == "lost update"


@pytest.mark.parametrize("settled", [installed.SETTLED, 0])
def test_a_file_that_was_changed_and_not_loaded_again_is_no_source(tmp_path, monkeypatch, settled):
    monkeypatch.setattr(installed, "SETTLED", settled)
    counting = module(tmp_path, COUNTING)
    assert counted(counting).holds
    file = Path(counting.__file__)
    file.write_text("# another line\n" + file.read_text())
    with pytest.raises(ValueError, match="was it edited since"):
        counted(counting)
    file.unlink()
    with pytest.raises(ValueError, match="can not be read"):
        counted(counting)


def test_a_function_that_was_given_other_code_between_two_searches_is_rewritten_as_what_it_is_now(tmp_path):
    counting = module(tmp_path, COUNTING + "\n    def plainly(cell):\n        cell.value += 1\n")
    assert counted(counting).holds
    counting.add.__code__ = counting.plainly.__code__
    assert counted(counting).failure.pattern.name == "lost update"
    assert counting.add.__code__ is counting.plainly.__code__


def test_what_a_search_is_given_is_found_without_a_look_at_every_object(monkeypatch):
    class Counter:
        def __init__(self):
            self.value, self.lock = 0, threading.Lock()

    def add(counter, amount):
        with counter.lock:
            counter.value += amount

    def found():
        by_one = functools.partial(add, amount=1)
        return explore_code(
            Counter, [lambda counter: add(counter, 1), by_one], check=lambda counter: counter.value == 2
        )

    assert found().verdict == "holds"
    monkeypatch.setattr(functions, "among_all_objects", pytest.fail)
    if functions.COUNTED:
        assert found().verdict == "holds"


def test_nothing_is_frozen_that_was_not(tmp_path):
    """Python 3.12 begins with frozen objects of its own: a process that froze all of its garbage with each search grew without end."""
    if gc.get_freeze_count() > functions.PYTHONS:  # a command of another test has
        gc.unfreeze()
    before = gc.get_freeze_count()
    for number in range(2):
        counting = module(tmp_path, f"class Cell:\n    value = {number}\n\ndef look(cell):\n    return cell.value\n")
        assert explore_code(counting.Cell, [counting.look] * 2).holds
    assert gc.get_freeze_count() == before


@pytest.mark.parametrize("lock", ["with lock", "if lock"])
def test_nothing_is_left_of_a_search_that_greenlet_looks_for_among_all_objects(tmp_path, monkeypatch, lock):
    """It does, in the main thread, where the greenlet of a thread that has ended is known to somebody."""
    counting = module(tmp_path, COUNTING.replace("with lock", lock))
    assert counted(counting).holds == ("with" in lock)
    looked, look = [], gc.get_referrers
    monkeypatch.setattr(
        gc, "get_referrers", lambda *objects: looked.append(type(objects[0]).__name__) or look(*objects)
    )
    counted(counting)
    assert "greenlet" not in looked
