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


@pytest.mark.parametrize("limit", [9, 12, 14])
def test_few_descriptors_are_no_internal_error_wherever_they_are_missed(tmp_path, limit):
    (tmp_path / "x.yaml").write_text(POOL)
    done = subprocess.run(
        [sys.executable, "-m", "scenario", "run", tmp_path / "x.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode in (1, 3), done.stdout + done.stderr
    assert "Too many open files" in done.stdout
