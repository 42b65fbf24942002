"""A state on a terminal's screen."""

from scenario.report.cells import width
from scenario.report.screen import View, screen
from scenario.report.style import Style
from scenario.results.frames import Frame, Stands
from scenario.results.outcome import Outcome
from scenario.results.schedule import Move

LONG = "поток_с_именем_которое_не_кончается"


def shown(threads, cells, height):
    stands = tuple(Stands(f"{LONG}{number}", "can move") for number in range(threads))
    view = View(
        f"deadlock: {LONG} waits for lock 锁锁锁锁锁锁锁锁",
        "",
        0,
        (Move(LONG),),
        Frame(Outcome("ended", {}), stands, {}),
    )
    return screen(view, Style(width=cells), height)


def test_long_lines_go_on_below_and_none_is_wider_than_the_terminal():
    lines = shown(2, 40, 30)
    assert max(map(width, lines)) <= 40
    assert "".join("".join(lines[:3]).split()).startswith(f"deadlock:{LONG}waitsforlock锁锁锁锁锁锁锁锁")


def test_what_has_no_room_is_told_to_be_left_out_and_the_keys_stay():
    lines = shown(50, 80, 12)
    assert len(lines) == 12
    assert lines[-2] == "  …"
    assert lines[-1].startswith("→ n on")
