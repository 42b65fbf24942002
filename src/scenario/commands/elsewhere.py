"""A comparison on another interpreter, which does it and answers in JSON."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from scenario.commands.pipeline import denied, is_shortage
from scenario.files.options import Selection
from scenario.interpreters import PIPE, started
from scenario.results.comparison import Comparison, LeftOut, Line, Seen
from scenario.search_path import handed_on

_WITH_US = """\
import _thread, os, sys
_thread.start_new_thread(lambda: os.read(0, 1) or os._exit(1), ())
try:
    from scenario.__main__ import main
except ImportError as error:
    sys.exit(str(error) + ": scenario has to be installed there, with all that it needs")
main()
"""
"""The command, which ends when its standard input does: with us, however we end. (`threading` would count the thread.)"""


def on_python(
    python: str, file: str, selection: Selection, times: int, seconds: float
) -> Iterator[Comparison | LeftOut]:
    """What the interpreter with that path says of each case of the file; it must have scenario in it."""
    words = ["-I", "-c", _WITH_US, "compare", "--output-format", "json", "--times", str(times)]
    words += ["--max-seconds", str(seconds)]
    words += [word for name, value in selection.params.items() for word in ("-p", f"{name}={value}")]
    words += [word for runtime in selection.runtimes for word in ("--runtime", runtime)]
    words += [word for module in sorted(selection.allow_python) for word in ("--allow-python", module)]
    try:
        with _held() as reads:
            process = started([*words, "--", file], python=python, reads=reads, errors=PIPE, env=handed_on())
            answer, said = _ended(process)
    except OSError as error:
        refused = is_shortage(error)
        yield LeftOut(None, python, denied(error) if refused else error.strerror or str(error), refused)
        return
    try:
        found = _comparisons(answer)
    except (ValueError, LookupError, TypeError):
        found = []
    if not found:
        lines = (said or answer).decode("utf-8", "replace").strip().splitlines()
        yield LeftOut(None, python, lines[-1] if lines else f"it ended with exit code {process.returncode}")
    yield from found


def _ended(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What it has written."""
    try:
        return process.communicate()
    finally:
        process.kill()


@contextmanager
def _held() -> Iterator[int]:
    """An input of which nothing comes until it ends."""
    reads, held = os.pipe()
    try:
        yield reads
    finally:
        os.close(reads)
        os.close(held)


def _comparisons(answer: bytes) -> list[Comparison]:
    """What it has written. Raises ValueError, LookupError or TypeError for what is no comparison."""
    told = json.loads(answer)
    return [
        Comparison(
            one["file"],
            one["scenario"],
            one["case"],
            tuple(
                Line(
                    line["way"], str(told["python"]), line["run"], line["explored"], line["wall"], line["cpu"],
                    tuple(Seen(seen["values"], seen["end"], seen["runs"]) for seen in line["outcomes"]),
                    line["why"], tuple(line["found"]), line["meant"],
                )
                for line in one["lines"]
            ),
            tuple(LeftOut(left["way"], str(told["python"]), left["why"]) for left in one["left_out"]),
        )
        for one in told["results"]
    ]  # fmt: skip
