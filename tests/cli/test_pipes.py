"""What is written to a pipe by name: with a reader it arrives, without one nothing waits, and who leaves early changes no exit code."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.files import FAILING, scenario

SCENARIO = str(Path(sys.executable).parent / "scenario")
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes by name")
WAYS = [
    ("run", "-o"), ("explore", "-o"), ("validate", "-o"), ("explore", "--trace"), ("explore", "--html"), ("replay", "--trace"),
    ("compare", "-o"), ("compare", "--svg"), ("compare", "--html"), ("show", "-o"), ("list", "-o"), ("export", "-o"), ("schema", "-o"),
]  # fmt: skip
LARGE = FAILING + "# " + "long " * 40_000 + "\n"
"""So that its page is more than a pipe takes."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(FAILING)
    (tmp_path / "large.yaml").write_text(LARGE)
    os.mkfifo("pipe")
    return tmp_path


@pytest.fixture
def reader(folder):
    """A reader that reads nothing until it is told."""
    descriptor = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    yield descriptor
    os.close(descriptor)


def started(*words):
    return subprocess.Popen([SCENARIO, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def bounded():
    """Whoever waits for ever is ended."""

    def late(*_):
        raise TimeoutError("it waits for somebody who reads")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_pipe_that_nobody_reads_is_refused_at_once(folder, bounded, way):
    command, option = way
    more = {"export": ["--to", "mermaid", "a.yaml"], "schema": [], "compare": ["--times", "1", "a.yaml"]}
    done = scenario(command, *more.get(command, ["a.yaml"]), option, "pipe")
    assert (done.exit_code, "can not write pipe: a pipe that nobody reads" in done.stderr) == (2, True)


def test_the_summary_of_githubs_too(folder, bounded, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "pipe")
    done = scenario("validate", "a.yaml", "--output-format", "github")
    assert (done.exit_code, "can not be written: a pipe that nobody reads" in done.stdout) == (0, True)


def test_who_reads_gets_all_of_it(folder, bounded, reader):
    assert scenario("explore", "a.yaml", "-o", "pipe", "--output-format", "json").exit_code == 1
    assert b'"verdict": "fails"' in os.read(reader, 1 << 20)


@pytest.mark.parametrize("option", ["-o", "--html"])
def test_who_has_read_enough_changes_no_exit_code(folder, option):
    process = started("explore", "large.yaml", option, "pipe")
    with Path("pipe").open("rb") as pipe:
        pipe.read(1)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")


def test_control_c_ends_what_waits_for_a_reader(folder, reader):
    process = started("explore", "large.yaml", "--html", "pipe")
    first = _first(reader)
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said.strip(), first) == (130, "", b"<")


def _first(reader, seconds=60):
    """The first byte of what is written, once there is one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if byte := os.read(reader, 1):
                return byte
        except BlockingIOError:
            pass
        time.sleep(0.05)
    return b""


@pytest.mark.parametrize("device", ["/dev/null", "/dev/stdout"])
def test_a_device_is_written_to(folder, device):
    done = subprocess.run(
        [SCENARIO, "run", "a.yaml", "-o", device], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, "FAIL failing" in done.stdout) == (1, device == "/dev/stdout")
