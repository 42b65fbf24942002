"""Declarative concurrency scenarios: run on real threads, explored over all interleavings."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenario.api import InvalidScenario, Result, Results, Scenario, load

__version__ = "0.1.0"

__all__ = ["InvalidScenario", "Result", "Results", "Scenario", "__version__", "load"]


def __getattr__(name: str) -> object:
    """The Python API, imported when it is first used: `import scenario` alone costs nothing."""
    if name in __all__:
        return getattr(import_module("scenario.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
