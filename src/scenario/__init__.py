"""Declarative concurrency scenarios: run on real threads, explored over all interleavings."""

TYPE_CHECKING = False  # as `typing` has it, which is not imported: see search_path.py
if TYPE_CHECKING:
    from scenario.api import InvalidScenario, Result, Results, Scenario, load

__version__ = "0.1.0"

__all__ = ["InvalidScenario", "Result", "Results", "Scenario", "__version__", "load"]


def __getattr__(name: str) -> object:
    """The Python API, imported when it is first used: `import scenario` alone costs nothing."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 (see above)

        return getattr(import_module("scenario.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
