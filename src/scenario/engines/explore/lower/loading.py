"""Places in shared containers: reached by name, or through the object that was loaded where that is followed."""

from __future__ import annotations

from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.model.code import Access
from scenario.engines.explore.model.source import function_of
from scenario.program.accesses import root
from scenario.program.following import follows
from scenario.syntax import Expr, Local


def load(b: Builder, place: Expr, shown: Expr | None = None, into: Local | None = None) -> Local:
    """One step: the object that stands there (indices flat), to go on with whatever comes to stand there.

    `shown`: the place by its variable, where it is reached through an object that was loaded before.
    """
    shown = shown or place
    variable = root(shown)
    assert variable is not None
    target = into or b.handle()
    slot = b.slot(target.name)
    b.add(
        Access(
            function_of(f"w.load({slot}, {b.source(place)})"), "load", reads=frozenset({variable.name}), node=shown,
            uses=b.uses(place), defines=(slot,),
        )
    )  # fmt: skip
    return target


def load_root(b: Builder, place: Expr) -> Expr:
    """What to put in the place of the variable: its object, loaded now if it is followed."""
    variable = root(place)
    assert variable is not None
    return load(b, variable) if follows(b.program, place) else variable
