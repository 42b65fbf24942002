"""Text in the cells of a terminal."""

from report.drawn_schedules import evidence

from scenario.report.cells import cut, padded, width, wrapped
from scenario.report.lanes import lanes
from scenario.report.pictures.timeline import timeline
from scenario.report.style import Style

WIDE = """
vars: {n: 0}
primitives: {锁: Lock, 門: Lock}
threads:
  线程甲: {steps: [{with: 锁, do: [{with: 門, do: [pass]}]}]}
  乙: {steps: [{with: 門, do: [{with: 锁, do: [pass]}]}]}
"""


def test_wide_characters_take_two_cells_and_combining_ones_none():
    assert (width("lock"), width("锁"), width("e\u0301"), width("…")) == (4, 2, 1, 1)
    assert (padded("锁", 4), cut("线程等待", 5), cut("lock", 4)) == ("锁  ", "线程…", "lock")


def test_lines_are_no_wider_than_there_is_room():
    assert wrapped("waits for 锁锁锁锁锁锁 now", 10, 2) == ["waits for", "  锁锁锁锁", "  锁锁 now"]
    for cells in range(4, 30):
        lines = wrapped("  乙: waits for lock 锁锁锁锁锁锁锁, held by 线程甲 (since line 5)", cells, 2)
        assert max(map(width, lines)) <= cells
        assert "".join("".join(lines).split()) == "乙:waitsforlock锁锁锁锁锁锁锁,heldby线程甲(sinceline5)"


def test_columns_of_threads_with_wide_names_stand_below_their_heads():
    found = evidence(WIDE)
    for drawn in (lanes(found.schedule, Style(width=80)), timeline(found.schedule, found.blocked, Style(width=80))):
        head = next(line for line in drawn if line.startswith("step"))
        second = next(line for line in drawn if line.lstrip().startswith("2 "))
        assert width(head[: head.index("乙")]) == len(second[: second.index("acquire")].replace("B", "")) - (
            "B " in second
        )
        assert max(map(width, drawn)) <= 80
