"""`explore_code` in the surroundings that people test in: a unittest, a selection, a process of xdist, a type checker; nothing stays rewritten."""

import importlib
import inspect
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from textwrap import dedent

import pytest

from scenario import explore_code

pytest_plugins = ["pytester"]
CODE = """
    import threading

    class Counter:
        def __init__(self):
            self.n, self.lock = 0, threading.Lock()

        def add(self):
            self.n += 1

        def add_safely(self):
            with self.lock:
                self.n += 1
"""


@pytest.fixture
def counting(tmp_path, monkeypatch):
    (tmp_path / "counting.py").write_text(dedent(CODE))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("counting")
    del sys.modules["counting"]


def is_two(counter):
    assert counter.n == 2


# --- unittest ----------------------------------------------------------------------------------------------


def test_in_a_unittest_a_failure_is_a_failure_with_the_report(counting):
    class Case(unittest.TestCase):
        def test_add(self):
            explore_code(counting.Counter, [counting.Counter.add] * 2, check=is_two).raise_if_failed()

        def test_add_safely(self):
            explore_code(counting.Counter, [counting.Counter.add_safely] * 2, check=is_two).raise_if_failed()

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert (result.testsRun, len(result.failures), result.errors) == (2, 1, [])
    assert "lost update: add-" in result.failures[0][1]
    assert "self.n += 1" in result.failures[0][1]


def test_a_unittest_is_run_by_its_own_runner(tmp_path):
    (tmp_path / "counting.py").write_text(dedent(CODE))
    (tmp_path / "test_counting.py").write_text(
        dedent("""
        import unittest
        from counting import Counter
        from scenario import explore_code

        class Case(unittest.TestCase):
            def test_add(self):
                found = explore_code(Counter, [Counter.add] * 2, check=lambda counter: counter.n == 2)
                found.raise_if_failed()
        """)
    )
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_counting"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "FAILED (failures=1)" in done.stderr
    assert "lost update" in done.stderr


# --- pytest: -k and xdist ------------------------------------------------------------------------------------

TESTS = """
    import counting
    import pytest

    @pytest.mark.parametrize("threads", [2, 3])
    def test_add(explore_threads, threads):
        explore_threads(counting.Counter, [counting.Counter.add] * threads, check=lambda counter: counter.n == threads)

    def test_safely(explore_threads):
        explore_threads(counting.Counter, [counting.Counter.add_safely] * 2, check=lambda counter: counter.n == 2)
"""


@pytest.mark.parametrize(
    ("arguments", "outcomes"),
    [
        ([], {"passed": 1, "failed": 2}),
        (["-k", "safely"], {"passed": 1, "deselected": 2}),
        (["-k", "add and 3"], {"failed": 1, "deselected": 2}),
        (["-n", "2", "-k", "add"], {"failed": 2}),
    ],
)
def test_under_pytest(pytester, arguments, outcomes):
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider -p no:hypothesispytest\n")
    pytester.makepyfile(counting=dedent(CODE), test_counting=dedent(TESTS))
    pytester.runpytest_subprocess(*arguments).assert_outcomes(**outcomes)


# --- what is rewritten is undone -----------------------------------------------------------------------------


def codes(module):
    return {name: function.__code__ for name, function in inspect.getmembers(module.Counter, inspect.isfunction)}


class Unexpected(BaseException):
    pass


def raises(*_):
    raise Unexpected


@pytest.mark.parametrize(
    ("setup", "check", "error"),
    [(None, is_two, None), (None, raises, None), (raises, None, Unexpected), (None, None, None)],
)
def test_code_is_as_it_was_whatever_came_of_the_search(counting, setup, check, error):
    before = codes(counting)
    threads = [counting.Counter.add] * 2
    if error is None:
        explore_code(setup or counting.Counter, threads, check=check, modules=["counting"])
    else:
        with pytest.raises(error):
            explore_code(setup, threads, check=check, modules=["counting"])
    assert codes(counting) == before
    counter = counting.Counter()
    counter.add()
    assert counter.n == 1


def test_code_is_as_it_was_where_a_thread_never_ends(counting):
    before = codes(counting)

    def for_ever(_):
        while True:
            pass

    found = explore_code(counting.Counter, [counting.Counter.add, for_ever], modules=["counting"], max_seconds=1)
    assert found.verdict == "undecided"
    assert codes(counting) == before


def test_only_the_named_modules_are_rewritten(counting):
    other = Path.exists.__code__, threading.Thread.start.__code__, dedent.__code__
    seen = []

    def look(counter):
        seen.append((counting.Counter.add.__code__, dedent.__code__))
        counter.add()

    plain = counting.Counter.add.__code__
    explore_code(counting.Counter, [look], modules=["counting"])
    assert all(own is not plain and foreign is other[2] for own, foreign in seen)
    assert (Path.exists.__code__, threading.Thread.start.__code__, dedent.__code__) == other


# --- types ---------------------------------------------------------------------------------------------------

TYPED = """
    from scenario import explore_code

    class Box:
        n: int = 0

    def add(box: Box) -> None:
        box.n += 1

    def wrong(text: str) -> None: ...

    found = explore_code(Box, [add, add], check=lambda box: box.n == 2, races=True)
    reveal_type(found.holds)
    explore_code(Box, [wrong])
    explore_code(Box, [add], check=wrong)
    explore_code(Box, [add], strategy="some")
"""


def test_the_arguments_are_typed_by_what_setup_makes(tmp_path):
    file = tmp_path / "typed.py"
    file.write_text(dedent(TYPED))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--hide-error-context", str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Revealed type is "bool"' in done.stdout.replace("builtins.", "")
    errors = [line.partition(":")[2].partition(":")[0] for line in done.stdout.splitlines() if ": error:" in line]
    assert errors == ["14", "15", "16"], done.stdout
