"""What the system refuses a run says nothing of its scenario: the first of it ends the run, and nothing in the file may catch that."""

from __future__ import annotations

from typing import NoReturn

from scenario.real.endable import Abandoned


class Denied:
    """`first` is what was refused first."""

    def __init__(self) -> None:
        self.first: OSError | None = None

    def note(self, error: OSError) -> NoReturn:
        """Ends the thread that asked."""
        self.first = self.first or error
        raise Abandoned from error
