"""Keys as the terminals of POSIX and the console of Windows give them."""

import os
import sys
from contextlib import closing
from itertools import islice
from types import SimpleNamespace

import pytest

from scenario.cli.keys import ENDS, keys, meaning, of_posix, of_windows


def console(text):
    """`getwch` of a console in which this is pressed."""
    pressed = iter(text)
    return lambda: next(pressed)


class Terminal:
    """Fakes of `termios` and `tty`, which note how the terminal is set."""

    def __init__(self):
        self.mode = "as it was"
        self.history = []
        self.termios = SimpleNamespace(TCSADRAIN="drain", tcgetattr=lambda _: self.mode, tcsetattr=self._set)
        self.tty = SimpleNamespace(setcbreak=lambda fd, when: self._set(fd, when, "each key at once"))

    def _set(self, _, when, mode):
        self.mode = mode
        self.history.append((when, mode))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("n\xe0M\xe0Kq", ["next", "next", "back", "q"]),
        ("\x00G\x00Og", ["first", "last", "first"]),
        ("5?p\xe0H", ["5", "hints", "play", "\xe0H"]),
    ],
)
def test_the_console_of_windows_sends_two_characters_for_an_arrow(sent, expected):
    with of_windows(console(sent)) as given:
        assert [meaning(key) for key in islice(given, len(expected))] == expected


def test_ctrl_c_on_windows_is_an_interrupt_and_ctrl_z_an_end():
    with of_windows(console("n\x03")) as given:
        assert next(given) == "n"
        with pytest.raises(KeyboardInterrupt):
            next(given)
    with of_windows(console("\x1a")) as given:
        assert next(given) in ENDS


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"n\x1b[C\x1b[Dq", ["next", "next", "back", "q"]),
        (b"\x1bOC\x1bOH\x1b[F\x1b[1~\x1b[4~", ["next", "first", "last", "first", "last"]),
        (b"5?p\x1b[A", ["5", "hints", "play", "\x1b[A"]),
    ],
)
def test_a_terminal_sends_a_sequence_for_an_arrow_and_several_keys_at_once(sent, expected):
    reading, writing = os.pipe()
    os.write(writing, sent)
    os.close(writing)
    terminal = Terminal()
    with closing(os.fdopen(reading)), of_posix(reading, terminal.termios, terminal.tty) as given:
        assert terminal.mode == "each key at once"
        assert [meaning(key) for key in given] == expected
    assert terminal.history == [("drain", "each key at once"), ("drain", "as it was")]


def test_the_terminal_is_as_it_was_also_after_an_error():
    terminal = Terminal()
    with pytest.raises(KeyboardInterrupt), of_posix(0, terminal.termios, terminal.tty):
        raise KeyboardInterrupt
    assert terminal.mode == "as it was"


def test_where_there_is_no_termios_the_console_is_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "termios", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(getwch=console("\xe0M")))
    with keys(0) as given:
        assert meaning(next(given)) == "next"
