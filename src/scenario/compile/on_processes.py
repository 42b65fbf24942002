"""What a file uses and `multiprocessing` does not have, and what would silently be lost there.

What a manager gives of a container's element is a copy: a change inside of it is nobody's. That a process starts, joins and tests its
own children alone, CPython says itself (AssertionError).
"""

from __future__ import annotations

from collections.abc import Iterator

from scenario.compile.apart import lacks
from scenario.compile.unfit import Unfit, bodies, threads_with
from scenario.program.places import MUTATING, root
from scenario.program.program import Program
from scenario.program.targets import bound, targets
from scenario.program.walk import walk_all
from scenario.spec.scenario import Scenario
from scenario.syntax import AugmentedAssign, Delete, Expr, Method, Node, Shared, Slice, Subscript


def on_processes(program: Program, model: Scenario) -> Iterator[Unfit]:
    """All that does not go there."""
    yield from threads_with(model, "timer", "timers", "let a thread of its own `sleep` first")
    yield from (Unfit(*one) for one in lacks(program))
    containers = frozenset(var.name for var in program.vars if isinstance(var.value, list | dict))
    for node in walk_all(tuple(bodies(program))):
        yield from _changes(node, containers)


def _changes(node: Node, containers: frozenset[str]) -> Iterator[Unfit]:
    """What would be lost: another object under a container's name, a change inside of an element."""
    if not isinstance(node, AugmentedAssign | Delete):
        for place in (place for target in targets(node) for place in bound(target)):
            if isinstance(place, Shared) and place.name in containers:
                instead = f"change it in place (`{place.name}[k] = …`, `{place.name}.append(…)`)"
                yield Unfit(f"assignment to `{place.name}`, which a manager holds", place.span, instead)
    changed = [node.value] if isinstance(node, Method) and node.name in MUTATING else _containers_of_targets(node)
    for place in changed:
        if not isinstance(place, Shared) and _variable(place) is not None:
            instead = "copy it (`list(x[k])`, `dict(x[k])`), change the copy, and assign it (`x[k] = copy`)"
            yield Unfit("change inside of an element: what a manager gives is a copy", place.span or node.span, instead)


def _containers_of_targets(node: Node) -> list[Expr]:
    places = (place for target in targets(node) for place in bound(target))
    return [place.value for place in places if isinstance(place, Subscript)]


def _variable(place: Expr) -> Shared | None:
    """The shared variable inside of which it lies; a slice is a copy that is meant to be one."""
    match place:
        case Subscript(_, Slice()):
            return None
        case Method(value, "get" | "setdefault"):
            return root(value)
        case _:
            return root(place)
