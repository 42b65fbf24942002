"""Places in shared containers: reached by name, or through the object that was loaded where that is followed."""

from __future__ import annotations

from scenario.program.places import root
from scenario.steps.code import Load
from scenario.steps.following import follows
from scenario.steps.lower.builder import Builder
from scenario.syntax import Expr, Local


def load(b: Builder, place: Expr, shown: Expr | None = None, into: Local | None = None) -> Local:
    """One step: the object that stands there (indices flat), to go on with whatever comes to stand there.

    `shown`: the place by its variable, where it is reached through an object that was loaded before.
    """
    shown = shown or place
    variable = root(shown)
    assert variable is not None
    target = into or b.handle()
    defines = (b.slot(target.name),)
    b.add(Load(place, reads=frozenset({variable.name}), shown=shown, uses=b.uses(place), defines=defines))
    return target


def load_root(b: Builder, place: Expr) -> Expr:
    """What to put in the place of the variable: its object, loaded now if it is followed."""
    variable = root(place)
    assert variable is not None
    return load(b, variable) if follows(b.program, place) else variable
