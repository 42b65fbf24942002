"""Running over a shared container: an access for each element, and one that finds the end."""

from __future__ import annotations

from scenario.record import record
from scenario.steps.code import Next
from scenario.steps.lower.builder import Builder
from scenario.syntax import Compare, Const, Expr, Local, Subscript


@record
class Source:
    """What a loop runs over: `reached` each time by its name or as what was loaded, `shown` to a reader.

    `view`: what is taken of a dict, "keys", "values" or "items"; "": of whatever it is its elements. `snapshot` holds a value of the thread's own instead.
    """

    reached: Expr
    shown: Expr
    variables: frozenset[str]
    view: str
    snapshot: Local
    loads: bool = False
    """Whether the first access loads the object, into what is `reached` from then on."""


def next_shared(b: Builder, source: Source, item: Local, labels: tuple[int, int]) -> None:
    """The next element of a shared container.

    What turns out to be none (a text, a tuple) is read once, by the first access.
    """
    top, end = labels
    position, known, found, snapshot = b.constant(0), b.constant(None), b.temporary(), source.snapshot
    local, go = b.label(), b.label()
    b.place(top)
    b.branch(Compare(snapshot, ("is",), (Const(None),)), local)
    own = tuple(b.slot(n.name) for n in (position, known, snapshot))
    b.add(
        Next(
            source.reached, source.view, source.loads, position, known, snapshot, reads=source.variables,
            shown=source.shown, uses=(*b.uses(source.reached, source.shown), *own), defines=(b.slot(found.name), *own),
        )
    )  # fmt: skip
    b.branch(found, local)
    b.compute(item, Subscript(found, Const(0)))
    b.jump(go)
    b.place(local)
    b.branch(Compare(snapshot, ("is not",), (Const(None),)), end)
    b.iterate(item, snapshot, position, end)
    b.place(go)
