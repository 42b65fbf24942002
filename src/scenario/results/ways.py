"""How less was searched than all there is, or by what a file was proved, as a fact."""

from __future__ import annotations

from typing import TypeAlias

from scenario.record import record


@record
class Symmetry:
    """The members of the group change places: states that differ in who is who are one."""

    group: str


@record
class Sections:
    """What is done under these locks is one step."""

    locks: tuple[str, ...]


@record
class Passing:
    """Puts into and gets from these queues balance."""

    queues: tuple[str, ...]


@record
class CommutingUpdates:
    """What is added to these variables may be added in any order."""

    variables: tuple[str, ...]


@record
class ClosedLoops:
    """All rounds of a loop are one update."""


@record
class PartialOrder:
    """A step that commutes with all that others can do is taken alone."""


@record
class Counting:
    """Threads are counted by where they stand, and not told apart."""


@record
class AnyRounds:
    """Loops go round any number of times."""


Way: TypeAlias = Symmetry | Sections | Passing | CommutingUpdates | ClosedLoops | PartialOrder | Counting | AnyRounds
