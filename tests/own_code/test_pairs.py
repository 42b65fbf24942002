"""Small modules as people write them, each right and wrong: both verdicts are known."""

import importlib
import sys
from pathlib import Path

import pytest

from scenario import explore_code

PAIRS = Path(__file__).with_name("pairs")
NAMES = sorted(path.stem for path in PAIRS.glob("*.py"))


@pytest.mark.parametrize(("name", "side"), [(name, side) for name in NAMES for side in ("Right", "Wrong")])
def test_both_verdicts_of_a_pair_are_found(name, side):
    module = importlib.import_module(f"own_code.pairs.{name}")
    found = explore_code(getattr(module, side), module.threads, check=module.check, max_seconds=60)
    if side == "Right":
        assert found.verdict == "holds", found.text()
    else:
        assert found.verdict == "fails", found.text()
        assert found.failure.kind == module.WRONG


def test_a_module_that_is_named_as_one_of_pythons_is_under_control(tmp_path, monkeypatch):
    (tmp_path / "numbers.py").write_text((PAIRS / "numbers.py").read_text())
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "numbers", raising=False)
    module = importlib.import_module("numbers")
    assert explore_code(module.Wrong, module.threads, check=module.check).verdict == "fails"
    monkeypatch.delitem(sys.modules, "numbers")
