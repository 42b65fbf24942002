"""Each module of the tests' library that fails: how many of so many replays on real threads show the failure that was found.

    python benchmarks/own_code_replays.py --times 100

The same failure: its kind, message, thread and trace, who stays stuck, every row of the schedule. Prints where it is not the same
each time; exit code 1 if there is one.
"""

import argparse
import importlib
import platform
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.pop(0)  # this folder has another own_code
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from scenario import explore_code
from scenario.own_code import Explored

PAIRS = Path(__file__).parents[1] / "tests" / "own_code" / "pairs"
Explore = Callable[..., Explored]
LIBRARY = ("caching", "counting", "structures", "waiting")


def failing() -> Iterator[tuple[str, Explore]]:
    """Name, and what explores or replays it."""
    library = [importlib.import_module(f"own_code.library.{name}") for name in LIBRARY]
    for module in library:
        for name, (setup, threads, check, expected) in module.CASES.items():
            if expected != "holds":
                yield name, _exploring(setup, threads, check, library)
    for file in sorted(PAIRS.glob("*.py")):
        pair = importlib.import_module(f"own_code.pairs.{file.stem}")
        yield f"pair {file.stem}", _exploring(pair.Wrong, pair.threads, pair.check, [pair])


def _exploring(setup: Any, threads: Any, check: Any, modules: list[ModuleType]) -> Explore:
    return lambda **options: explore_code(setup, threads, check=check, modules=modules, max_seconds=60, **options)


def same(explore: Explore, times: int) -> int:
    """How many replays show it."""
    found = explore().failure
    return 0 if found is None else sum(explore(schedule=found.schedule).failure == found for _ in range(times))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=100)
    times = options.parse_args().times
    modules = differing = 0
    for name, explore in failing():
        shown = same(explore, times)
        modules += 1
        if shown < times:
            differing += 1
            print(f"{name}: {shown} of {times}", flush=True)
    build = "free-threaded" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    print(
        f"{platform.python_version()} {build}: {modules - differing} of {modules} modules, {times} of {times} replays"
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
