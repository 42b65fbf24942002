"""Whatever is done to a file, it compiles or is told what is wrong with it."""

import random
import re
from pathlib import Path

import pytest
from compile.files import diagnostics

FILES = sorted(Path(__file__).parents[2].joinpath("scenarios").rglob("*.yaml"))
WORD = re.compile(r"\w+|\S")


@pytest.mark.parametrize("seed", range(20))
def test_a_file_with_words_exchanged_compiles_or_is_diagnosed(seed):
    rng = random.Random(seed)
    words = WORD.findall("".join(path.read_text() for path in rng.sample(FILES, 10)))
    for _ in range(50):
        text = rng.choice(FILES).read_text()
        for _ in range(rng.randint(1, 3)):
            found = rng.choice(list(WORD.finditer(text)))
            text = text[: found.start()] + rng.choice(words) + text[found.end() :]
        for found in diagnostics(text, exploring=rng.random() < 0.5):
            assert found.message
            assert found.span.line <= text.count("\n") + 1
