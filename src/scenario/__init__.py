"""Declarative concurrency scenarios: run on real threads, explored over all interleavings."""

TYPE_CHECKING = False  # as `typing` has it, which is not imported: see search_path.py
if TYPE_CHECKING:
    from scenario.api import InvalidScenario, Result, Results, Scenario, load
    from scenario.own_code import Explored, explore_code

__version__ = "0.1.0"

__all__ = ["Explored", "InvalidScenario", "Result", "Results", "Scenario", "__version__", "explore_code", "load"]
OWN_CODE = ("Explored", "explore_code")


def __getattr__(name: str) -> object:
    """The Python API, imported when it is first used: `import scenario` alone costs nothing."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 (see above)

        return getattr(import_module("scenario.own_code" if name in OWN_CODE else "scenario.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
