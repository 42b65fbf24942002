"""The methods that expressions have."""

METHODS = frozenset(name for owner in (list, dict, set, str) for name in dir(owner) if not name.startswith("_")) - {
    "format",
    "format_map",
}
"""The methods of list, dict, set and str that neither format nor reach attributes."""
MUTATING = METHODS & frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "pop",
        "clear",
        "sort",
        "reverse",
        "add",
        "discard",
        "update",
        "popitem",
        "setdefault",
        "intersection_update",
        "difference_update",
        "symmetric_difference_update",
    ]
)
