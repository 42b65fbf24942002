"""One read or write of a shared variable by a thread."""

from __future__ import annotations

from scenario.lint.places import Place
from scenario.lint.visits import Visit
from scenario.record import record


@record
class Access:
    """One read or write. `at`: the number of its visit. `sources`: the reads that a written value comes from.

    `once`: a read and a write that are one step (a container's method, `results += […]`). `rebinds`: the name gets
    another object; any other write goes to the object that was loaded.
    """

    place: Place
    writes: bool
    at: int
    visit: Visit
    sources: tuple[Access, ...] = ()
    once: bool = False
    rebinds: bool = False

    __eq__ = object.__eq__  # two accesses are two, however alike
    __hash__ = object.__hash__

    @property
    def updates(self) -> tuple[Access, ...]:
        """The reads of the same place that the written value comes from."""
        return tuple(read for read in self.sources if read.place.alike(self.place))
