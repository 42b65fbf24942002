"""The methods that expressions have."""

from scenario.program.accesses import MUTATING

METHODS = frozenset(name for owner in (list, dict, set, str) for name in dir(owner) if not name.startswith("_")) - {
    "format",
    "format_map",
}
"""The methods of list, dict, set and str that neither format nor reach attributes."""

__all__ = ["METHODS", "MUTATING"]
