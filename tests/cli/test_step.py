"""`scenario step`: a schedule that is stepped through, or a game, with keys in a real terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest
from cli.files import INVALID, scenario

LOST = """\
scenario: lost
vars: {counter: 0}
threads:
  A: {count: 2, steps: [counter += 1]}
expect: [counter == 2]
"""


class Terminal:
    """A command in a terminal; `shown` is its present screen."""

    def __init__(self, *words, cwd):
        self.end, other = pty.openpty()
        environment = {**os.environ, "COLUMNS": "100", "LINES": "40", "TERM": "xterm"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scenario", *words],
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=cwd,
            env=environment,
        )
        os.close(other)
        self.text = ""

    def until(self, *texts, seconds=60):
        """What the screen shows as soon as all of these stand on it: it comes in pieces."""
        limit = time.monotonic() + seconds
        while not all(text in self.shown for text in texts):
            assert time.monotonic() < limit, self.text
            if select.select([self.end], [], [], 0.1)[0]:
                self.text += self._read()
        return self.shown

    def _read(self):
        try:
            return os.read(self.end, 1 << 16).decode()
        except OSError:  # the command has ended
            return ""

    @property
    def shown(self):
        return self.text.rpartition("\033[2J")[2]

    def press(self, keys):
        os.write(self.end, keys.encode())

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.end)


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def start(text):
        (tmp_path / "x.yaml").write_text(text)
        opened.append(Terminal("step", "x.yaml", cwd=tmp_path))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_keys_step_through_the_way_to_a_failure(terminal):
    tty = terminal(LOST)
    tty.until("q end", "final: `counter == 2` is false: counter is 1")
    tty.press("n")
    tty.until("step 1 of 4")
    tty.press("\033[C")
    tty.until("step 2 of 4")
    assert "▶    2  A[1]: read counter -> 0 (line 4)" in tty.shown
    tty.press("b")
    tty.until("step 1 of 4")
    tty.press("G")
    tty.until("step 4 of 4", "counter = 1")
    tty.press("q")
    assert tty.process.wait(30) == 0


def test_the_reader_plays_who_goes_next(terminal):
    tty = terminal(LOST)
    tty.until("q end")
    tty.press("p")
    tty.until("Who goes next?", "it can go wrong in 4 steps; it can still be saved")
    tty.press("1")
    tty.until("step 1 of 1")
    tty.press("?")
    tty.until("A[1]: read counter -> 0 → it can not be saved: it can go wrong in 2 steps", "→ nothing can go wrong")
    tty.press("1")
    tty.until("step 2 of 2")
    tty.press("99")
    tty.press("11")
    tty.until("step 4 of 4", "it is over, and all is well")


def test_a_game_begins_where_the_schedule_was(terminal):
    tty = terminal(LOST)
    tty.until("q end")
    tty.press("nnp")
    tty.until("step 2 of 2")
    assert "it can not be saved" in tty.shown


def test_another_size_of_the_terminal_is_another_screen(terminal):
    step = terminal(LOST)
    step.until("step 0 of 4")
    step.text = ""
    os.kill(step.process.pid, signal.SIGWINCH)
    step.until("step 0 of 4")
    step.press("n")
    step.until("step 1 of 4")
    step.press("q")
    assert step.process.wait(30) == 0


def test_ctrl_c_ends_it(terminal):
    tty = terminal(LOST)
    tty.until("q end")
    tty.process.send_signal(signal.SIGINT)
    assert tty.process.wait(30) == 0


def test_without_a_terminal_it_says_what_to_use_instead(tmp_path):
    (tmp_path / "x.yaml").write_text(LOST)
    done = scenario("step", tmp_path / "x.yaml")
    assert (done.exit_code, "this is none: use `scenario explore --timeline FILE`" in done.stderr) == (2, True)


def test_an_invalid_file_says_what_is_wrong(terminal):
    tty = terminal(INVALID)
    tty.until("x.yaml:5:9", "SC")
    assert tty.process.wait(60) == 2
