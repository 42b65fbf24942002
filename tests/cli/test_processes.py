"""The command as a process: it ends, with the right code, whatever its threads do."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.files import DEADLOCK, FAILING, FINE

SCENARIO = str(Path(sys.executable).parent / "scenario")
SLEEPY = """\
scenario: sleepy
threads:
  A:
    steps:
      - print: "here"
      - sleep: 60
"""


def test_after_a_deadlock_the_rest_runs_and_the_process_ends(tmp_path):
    (tmp_path / "a.yaml").write_text(DEADLOCK)
    (tmp_path / "b.yaml").write_text(FINE)
    done = subprocess.run([SCENARIO, "run", tmp_path], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, "1 failed, 1 passed" in done.stdout, done.stderr) == (1, True, "")


def test_control_c_stops_with_what_was_seen(tmp_path):
    (tmp_path / "a.yaml").write_text(FINE)
    (tmp_path / "b.yaml").write_text(SLEEPY)
    command = [SCENARIO, "run", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        seen = []
        for line in process.stdout:
            seen.append(line)
            if "here" in line:
                break
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "PASS fine" in "".join(seen)
    assert "interrupted; so far: " in rest
    assert "Traceback" not in errors


def test_a_reader_that_has_seen_enough_gets_no_traceback(tmp_path):
    (tmp_path / "a.yaml").write_text(FINE.replace("workers: 2", "workers: 2000"))
    command = f"{SCENARIO} run {tmp_path} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=20, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1"])
def test_any_encoding_of_the_terminal_will_do(tmp_path, encoding):
    (tmp_path / "a.yaml").write_text(SLEEPY.replace("60", "0").replace("here", "hüer 日"))
    environment = {"PYTHONIOENCODING": encoding, "PATH": "/usr/bin:/bin"}
    done = subprocess.run([SCENARIO, "run", tmp_path], capture_output=True, timeout=20, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk for tests")
@pytest.mark.parametrize("command", ["--help", "run a.yaml", "list a.yaml", "show a.yaml", "validate a.yaml"])
def test_a_full_disk_is_no_fault_of_ours(tmp_path, command):
    (tmp_path / "a.yaml").write_text(FINE)
    done = subprocess.run(
        ["bash", "-c", f"{SCENARIO} {command} > /dev/full"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "scenario: the output can not be written: No space left on device\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_change_no_exit_code(tmp_path, closed):
    (tmp_path / "a.yaml").write_text(FINE)
    done = subprocess.run(["bash", "-c", f"{SCENARIO} run a.yaml {closed}"], cwd=tmp_path, timeout=20, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "fine"], 0),
        (["run", "failing"], 1),
        (["explore", "fine", "failing"], 1),
        (["validate", "fine", "--output-format", "concise"], 0),
        (["list", "fine"], 0),
        (["show", "fine"], 0),
        (["explain"], 0),
        (["schema"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_whoever_stops_reading_gets_the_exit_code_all_the_same(tmp_path, arguments, code):
    (tmp_path / "fine").write_text(FINE)
    (tmp_path / "failing").write_text(FAILING)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [SCENARIO, *arguments], stdout=writing, stderr=subprocess.PIPE, cwd=tmp_path, timeout=60, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize(
    ("command", "code"),
    [("run empty", 5), ("show empty", 5), ("compare empty", 5), ("--nope", 2), ("run --nope", 2), ("show bad.yaml", 2), ("compare bad.yaml", 2)],
)  # fmt: skip
def test_who_reads_no_standard_error_changes_no_exit_code(tmp_path, command, code):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.yaml").write_text("scenario: 5\n")
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run([SCENARIO, *command.split()], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=writes, timeout=60, check=False)  # fmt: skip
    os.close(writes)
    assert done.returncode == code


@pytest.mark.parametrize("command", ["run", "explore", "validate", "show", "list", "compare"])
def test_every_command_counts_what_is_no_scenario(tmp_path, command):
    (tmp_path / "other.yaml").write_text("foo: 1\n")
    done = subprocess.run([SCENARIO, command, tmp_path], capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    assert (done.returncode, said.count("1 other YAML file has no top-level `scenario:` key")) == (5, 1)
