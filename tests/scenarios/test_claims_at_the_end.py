"""What a page says of each claim where an execution is over is what the judge says of that execution."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.commands.loading.selected import load_all
from scenario.commands.pictures.following import game
from scenario.files.options import Selection
from scenario.judge.truths import expectations, truths

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))[::15]
FAILS_AS = {"errors": "error", "outcomes": "outcome"}
STATES, SECONDS = 300, 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_known_at_an_end_is_what_the_judge_says(file):
    (loaded,) = load_all(Selection((str(file),)), exploring=True)
    for program in loaded.programs:
        played = None if program.explore is None or program.python else game(program, STATES, SECONDS)
        expected, known = expectations(program.claims), truths(program)
        for spot in played.spots if played else ():
            if spot.end is None or spot.choices:
                continue
            told = [*zip(expected, known(spot.frame), strict=True)]
            of_the_end = {FAILS_AS.get(one.kind, one.kind) for one in expected if one.kind != "always"}
            failed = {failure.kind for failure in spot.end.failures} & of_the_end
            false = {
                one.kind for one, holds in told if holds is False and one.scope == "every" and one.kind != "always"
            }
            assert spot.frame.outcome.end != "ended"
            assert {FAILS_AS.get(kind, kind) for kind in false} == failed
            if spot.frame.outcome.end == "finished":
                seen = [holds for one, holds in told if one.kind == "sometimes"]
                assert seen == [number in spot.end.sometimes for number in range(len(seen))]
