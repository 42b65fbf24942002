"""What a failure of own code is called, which accesses are data races, and what its lanes show."""

import contextlib
import importlib
import threading

import pytest
from own_code.modules import module

from scenario import explore_code

PATTERNS = {
    "counter": "lost update", "inventory": "lost update", "own_threads": "lost update", "lazy": "check-then-act", "cache": "check-then-act",
    "once": "check-then-act", "mean": "torn read", "transfer": "torn read", "accounts": "AB/BA", "reentrant": "self-deadlock",
    "left_locked": "never released", "latch": "lost wake-up",
}  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_the_pattern_is_named(name):
    module = importlib.import_module(f"own_code.pairs.{name}")
    found = explore_code(module.Wrong, module.threads, check=module.check, max_seconds=60)
    assert found.failure.pattern.name == PATTERNS[name]
    assert f"{PATTERNS[name]}: " in found.text()


class Cell:
    def __init__(self):
        self.lock, self.ready = threading.Lock(), threading.Event()
        self.value, self.other = 0, 0

    def put(self):
        self.value = 1
        self.ready.set()

    def take(self):
        self.ready.wait()
        return self.value

    def peek(self):
        return self.value

    def locked(self):
        with self.lock:
            self.value += 1


def test_an_error_that_no_order_brings_about_has_no_pattern():
    def fails(_):
        raise LookupError

    found = explore_code(Cell, [fails, Cell.put])
    assert found.failure.pattern is None


def places(found):
    return {(race.one.source, race.other.source) for race in found.races}


def test_a_race_is_listed_where_nothing_fails():
    found = explore_code(Cell, [Cell.put, Cell.peek], races=True)
    assert found.holds
    assert places(found) == {("self.value = 1", "return self.value")}
    assert "data races" in found.text()
    assert "reads self.value: return self.value" in found.text()


@pytest.mark.parametrize("threads", [[Cell.put, Cell.take], [Cell.locked, Cell.locked]])
def test_what_an_event_or_a_lock_orders_is_no_race(threads):
    found = explore_code(Cell, threads, races=True)
    assert found.holds
    assert found.races == ()
    assert "no data race was seen" in found.text()


def test_what_starting_and_joining_order_is_no_race():
    class Starts:
        def __init__(self):
            self.n = 0

        def work(self):
            self.n += 1

        def run(self):
            self.n = 1
            thread = threading.Thread(target=self.work)
            thread.start()
            thread.join()
            self.n += 1

    assert explore_code(Starts, [Starts.run], races=True).races == ()


def test_without_a_join_it_is_one():
    class Starts:
        def __init__(self):
            self.n = 0

        def work(self):
            self.n += 1

        def run(self):
            threading.Thread(target=self.work).start()
            self.n = 7

    found = explore_code(Starts, [Starts.run], races=True)
    assert ("self.n += 1", "self.n = 7") in places(found)


def test_globals_have_their_values_in_the_lanes():
    module = importlib.import_module("own_code.pairs.module_variable")
    text = explore_code(module.Wrong, module.threads, check=module.check).text()
    assert "* reads total: 0" in text


def test_a_message_of_several_lines_can_not_look_like_lines_of_the_report(tmp_path):
    own = module(tmp_path, "def run(s):\n    raise ValueError('one\\nPASS run\\n  three')\n")
    found = explore_code(dict, [own.run])
    assert found.text().splitlines()[1:4] == ["error: run ended with ValueError: one", "    PASS run", "      three"]
    assert [line for line in found.text().splitlines() if line.startswith("PASS")] == []


class Stacked:
    def __init__(self):
        self.locks = [threading.Lock(), threading.Lock()]

    def forward(self):
        self._take(self.locks)

    def backward(self):
        self._take(self.locks[::-1])

    def _take(self, locks):
        with contextlib.ExitStack() as stack:
            for lock in locks:
                stack.enter_context(lock)


def test_what_a_stack_enters_is_named_and_a_schedule_counts_how_often_a_thread_stood_there():
    found = explore_code(Stacked, [Stacked.forward, Stacked.backward])
    assert [stuck.target for stuck in found.failure.stuck] == ["lock", "lock"]
    again = explore_code(Stacked, [Stacked.forward, Stacked.backward], schedule=found.failure.schedule)
    assert again.failure.stuck == found.failure.stuck


def test_an_attribute_that_stands_as_a_text_is_named_as_one():
    def add(cell):
        setattr(cell, "value", getattr(cell, "value") + 1)  # noqa: B009, B010 (that it is written so is the test)

    found = explore_code(Cell, [add, add], check=lambda cell: cell.value == 2)
    assert {row.target for row in found.failure.rows} == {"cell.value"}


def replayed(found):
    """What stands behind `replay: ` in the report, executed where the call stands."""
    return found.text().rpartition("replay: ")[2].strip()


def test_the_replay_is_the_call_once_more():
    def add(cell):
        cell.value = cell.value + 1

    found = explore_code(Cell, [add, add], check=lambda cell: {cell.value} == {2}, max_seconds=20)
    again = eval(replayed(found))
    assert (again.verdict, again.executions, again.failure.schedule) == ("fails", 1, found.failure.schedule)
    several = explore_code(
        Cell,
        [
            add,
            add,
        ],
        check=lambda cell: cell.value == 2,
    )
    assert replayed(several).startswith(
        "explore_code(Cell, [add, add,], check=lambda cell: cell.value == 2, schedule='add-0"
    )
    assert eval(replayed(several)).failure.schedule == several.failure.schedule


def test_a_call_that_can_not_be_written_in_a_line_is_told_with_its_schedule():
    def add(cell):
        cell.value = cell.value + 1

    found = explore_code(
        Cell,
        [add, add],  # a comment would swallow the rest
        check=lambda cell: cell.value == 2,
    )
    assert replayed(found) == f"scenario.explore_code(…, schedule='{found.failure.schedule}')"
    again = explore_code(Cell, [add, add], check=lambda cell: cell.value == 2, schedule=found.failure.schedule)
    assert replayed(again) == replayed(found)
