"""What the system refuses is nobody's verdict: the result is undecided and says so, also where a child asked for it."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

POOL = """\
scenario: pool
routines: {f: {steps: [{return: 1}]}}
primitives: {pool: {ProcessPoolExecutor: 1}}
main: [{submit: f, to: pool, into: r}, {result: r}]
"""


@pytest.mark.parametrize("limit", [9, 12, 14, 16, 18])
def test_few_descriptors_are_no_verdict_wherever_they_are_missed(tmp_path, limit):
    (tmp_path / "x.yaml").write_text(POOL)
    done = subprocess.run(
        [sys.executable, "-m", "scenario", "run", tmp_path / "x.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (3, ""), done.stdout + done.stderr
    assert "the system refused: Too many open files: `ulimit -n` says" in done.stdout
    assert "Traceback" not in done.stdout


def test_no_handler_of_the_scenarios_catches_it(tmp_path):
    (tmp_path / "x.yaml").write_text(
        POOL.replace("main: [", "main: [{try: [").replace(
            "{result: r}]", "{result: r}], except: {BaseException: [pass]}}]"
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "scenario", "run", tmp_path / "x.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (17, 17)),
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr
