"""Families of the library that are decided for all values of their params, each in two seconds at the most."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scenario.api import load
from scenario.results.for_all import Proved, Refuted

LIBRARY = Path(__file__).resolve().parents[2] / "scenarios"
SECONDS = 2.0
"""Of this process's own time: the machine may be busy."""

HOLD = {
    "bugs/double_checked_locking_mended": "users",
    "bugs/starved_writer_let_in": "readers",
    "lock": "workers rounds",
    "language/cases": "workers share",
    "lost_updates/locked": "workers rounds",
    "lost_updates/own_cells": "workers",
    "mutual_exclusion/test_and_set": "workers",
    "mutual_exclusion/try_lock_spin": "workers",
    "semaphores/mutex": "workers",
    "tallies/handed_over": "pairs rounds",
    "tallies/own_counters": "workers rounds",
    "tallies/taken_twice": "workers rounds",
    "tallies/throttle": "workers rounds",
    "tallies/triangle": "workers rounds",
    "tallies/two_locks": "clerks rounds",
    "tallies/up_and_down": "workers rounds",
}
FAIL = {
    "tallies/made_and_used": {"producers": 1, "consumers": 2, "rounds": 1},
    "tallies/queued": {"producers": 1, "consumers": 2, "rounds": 1},
    "conditions/producer_consumer": {"places": 0, "each": 1},
    "mutual_exclusion/bakery_without_choosing": {"n": 1},
    "puzzles/unisex_bathroom": {"men": 1, "women": 1, "places": 2},
    "semaphore": {"workers": 1, "slots": 2},
    "semaphores/multiplex": {"room": 2, "threads": 1},
}
"""What they say of their usual sizes is not so for all: here it fails first."""


def decided(file: str, names: list[str]):
    began = time.process_time()
    (result,) = load(LIBRARY / f"{file}.yaml", runtimes=["threading"]).explore(for_all=names)
    assert time.process_time() - began < SECONDS
    return result


@pytest.mark.parametrize("file", HOLD)
def test_it_holds_for_all_values(file):
    result = decided(file, HOLD[file].split())
    assert result.verdict.word == "holds"
    assert isinstance(result.search.for_all.answer, Proved)


@pytest.mark.parametrize("file", FAIL)
def test_it_fails_first_at_these_values(file):
    result = decided(file, [*FAIL[file]])
    assert result.verdict.word == "fails"
    assert result.search.for_all.answer == Refuted(FAIL[file])
    assert dict(result.params).items() >= FAIL[file].items()
