"""Most of the library runs on asyncio too, and what makes sense there on processes: counted, not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.compile import compile_scenario
from scenario.diagnostics import InvalidScenario
from scenario.language.runtimes import Runtime
from scenario.source import Source
from scenario.spec.load import understood

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))
SIX = {  # the README's, and what of them a runtime does not have
    "event": (), "basic_thread": (), "thread_class": ("asyncio",), "semaphore": ("multiprocessing",),  # `always`
    "thread_pool": ("asyncio", "multiprocessing"), "lock": (),
}  # fmt: skip


def fits(path: Path, runtime: Runtime) -> bool:
    """Whether the file uses what the runtime has."""
    source = Source(path.name, path.read_text(encoding="utf-8"))
    try:
        compile_scenario(understood(source), source, runtimes=[runtime])
    except InvalidScenario:
        return False
    return True


def carries(path: Path, runtime: Runtime) -> bool:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    return runtime in [program.runtime for program in compile_scenario(understood(source), source)]


@pytest.mark.parametrize(("runtime", "share"), [("asyncio", 0.8), ("multiprocessing", 0.25)])
def test_files_carry_the_runtimes_that_have_what_they_use(runtime, share):
    fitting = [path for path in FILES if fits(path, runtime)]
    carrying = [path for path in fitting if carries(path, runtime)]
    assert len(carrying) >= share * len(fitting), (len(carrying), len(fitting))


@pytest.mark.parametrize("runtime", ["asyncio", "multiprocessing"])
@pytest.mark.parametrize("name", SIX)
def test_the_readmes_six_are_valid_wherever_they_can_be(name, runtime):
    assert fits(ROOT / "scenarios" / f"{name}.yaml", runtime) == (runtime not in SIX[name])
