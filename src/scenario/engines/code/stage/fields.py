"""`threading.local` of a file: greenlets share one thread, so each role's fields are kept by the role."""

from __future__ import annotations

from collections.abc import Callable


class Fields:
    """Reads and writes the fields of whoever is asked for by `current`."""

    def __init__(self, current: Callable[[], object]) -> None:
        vars(self)["_current"], vars(self)["_kept"] = current, {}

    def _own(self) -> dict[str, object]:
        kept: dict[object, dict[str, object]] = vars(self)["_kept"]
        return kept.setdefault(vars(self)["_current"](), {})

    def __getattr__(self, name: str) -> object:
        try:
            return self._own()[name]
        except KeyError:
            raise AttributeError(f"'_thread._local' object has no attribute '{name}'") from None

    def __setattr__(self, name: str, value: object) -> None:
        self._own()[name] = value
