"""Shared containers that are followed: a use goes on with the object that it has loaded (LANGUAGE.md, Rebinding).

Where a name, or an element that is a container, may come to stand for another object while somebody is in the middle
of using the one before, what was loaded has to be told from what stands there now. Where nothing can tell, a use is
the few steps that it looks like.
"""

from __future__ import annotations

from scenario import syntax
from scenario.program.places import MUTATING, root
from scenario.program.program import Program
from scenario.program.sizes import is_number
from scenario.program.targets import bound, rebinds, targets
from scenario.program.walk import walk_all
from scenario.steps.accesses import accesses, operands

_REPLACING = frozenset({"pop", "popitem", "remove", "clear", "insert", "sort", "reverse", "update", "extend"})
"""Methods after which another object may stand in a place of a container."""

LOOKING = frozenset({"keys", "values", "items"})
"""Methods of a dict whose value goes on looking at it."""

_KINDS = (list, dict, set)

_last: list[
    tuple[Program, frozenset[str], frozenset[str], frozenset[str], frozenset[str]]
] = []  # a program is asked for often


def rebound(program: Program) -> frozenset[str]:
    """The shared variables that are assigned as a whole (changing a container by `+=` is none)."""
    return _known(program)[0]


def followed(program: Program) -> frozenset[str]:
    """The shared variables of which some use goes on with what it has loaded."""
    return _known(program)[1] | _known(program)[2]


def may_be_replaced(program: Program, names: frozenset[str]) -> bool:
    """Whether another object may come to stand for one of the names, or in one of their elements."""
    return not names.isdisjoint(_known(program)[3])


def follows(program: Program, place: syntax.Expr) -> bool:
    """Whether a use of the place loads the object of its variable first, a step of its own."""
    variable = root(place)
    return variable is not None and variable.name in _known(program)[1]


def follows_element(program: Program, place: syntax.Expr) -> bool:
    """Whether a use goes on with the container that stood at the place: other ones are put there."""
    variable = root(place)
    return isinstance(place, syntax.Subscript) and variable is not None and variable.name in followed(program)


def has_method(program: Program, call: syntax.Method) -> bool:
    """Whether what the method is called on surely has it: a variable that is what it was at first."""
    if not isinstance(call.value, syntax.Shared) or call.value.name in rebound(program):
        return False
    (value,) = (var.value for var in program.vars if var.name == call.value.name)
    return hasattr(value, call.name)


def is_container(program: Program, operand: syntax.Expr) -> bool:
    """Whether an operand is a shared container itself: it is loaded in its turn, and read by the operation."""
    if not isinstance(operand, syntax.Shared):
        return False
    value = next(var.value for var in program.vars if var.name == operand.name)
    return follows(program, operand) or (isinstance(value, _KINDS) and operand.name not in rebound(program))


def takes_containers(node: syntax.AugmentedAssign) -> bool:
    """Whether Python would do it to a list, dict or set, too: then it changes that in place."""
    return node.operator == "*" or not is_number(node.value)


def place_of(iterable: syntax.Expr) -> syntax.Expr | None:
    """The shared container itself that a loop runs over (through a view, too); None where it is a value of its own."""
    match iterable:
        case syntax.Method(owner, name, (), ()) if name in LOOKING and not isinstance(owner, syntax.Method):
            return place_of(owner)
        case syntax.Subscript(_, syntax.Slice()):
            return None
        case _:
            return iterable if root(iterable) is not None else None


def rebased(place: syntax.Expr, base: syntax.Expr) -> syntax.Expr:
    """The place in another object than its variable's."""
    match place:
        case syntax.Subscript(value, index):
            return syntax.Subscript(rebased(value, base), index, span=place.span)
        case _:
            return base


def _known(program: Program) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    if not _last or _last[0][0] is not program:
        blocks = [group.body for group in program.groups] + [routine.body for routine in program.routines.values()]
        nodes = tuple(walk_all((*blocks, program.main or ())))
        whole = frozenset[str]().union(*map(_assigned, nodes))
        replaced = whole.union(*(_replaced(node) for node in nodes))
        _last[:] = [(program, whole, _by_name(program, nodes, whole), _by_element(nodes, replaced), replaced)]
    return _last[0][1:]


def _by_name(program: Program, nodes: tuple[syntax.Node, ...], whole: frozenset[str]) -> frozenset[str]:
    containers = {var.name for var in program.vars if isinstance(var.value, _KINDS)}
    made = (rebinds((node,)) for node in nodes if isinstance(node, syntax.Assign) and _makes_one(node.value))
    containers = containers.union(*made)
    return whole & frozenset().union(*(_used(node, containers) for node in nodes))


def _by_element(nodes: tuple[syntax.Node, ...], replaced: frozenset[str]) -> frozenset[str]:
    inside = frozenset().union(*(_used_inside(node) for node in nodes))
    return (inside & replaced).union(*(_either(node) for node in nodes))


def _assigned(node: syntax.Node) -> set[str]:
    """The variables that the node itself (not what is in its blocks) assigns as a whole; `+=` of a container changes it."""
    if isinstance(node, syntax.AugmentedAssign | syntax.Delete):
        return set()
    return {place.name for target in targets(node) for place in bound(target) if isinstance(place, syntax.Shared)}


def _makes_one(value: syntax.Expr) -> bool:
    match value:
        case syntax.Const(constant):
            return isinstance(constant, _KINDS)
        case syntax.ListDisplay() | syntax.SetDisplay() | syntax.DictDisplay() | syntax.Comprehension():
            return True
        case syntax.Builtin(name):
            return name in ("list", "dict", "set", "sorted", "reversed", "zip", "enumerate")
        case _:
            return False


def _replaced(node: syntax.Node) -> set[str]:
    """The variables of which an element is stored, deleted or moved."""
    stored = () if isinstance(node, syntax.AugmentedAssign) else targets(node)
    places: list[syntax.Expr] = [
        place for target in stored for place in bound(target) if isinstance(place, syntax.Subscript)
    ]
    if isinstance(node, syntax.Method) and node.name in _REPLACING:
        places.append(node.value)
    return _names(places)


def _used(node: syntax.Node, containers: set[str]) -> set[str]:
    """The variables whose object a use loads and goes on with."""
    match node:
        case syntax.AugmentedAssign(syntax.Shared(name)):
            return {name} if name in containers and takes_containers(node) else set()
        case syntax.Method(value, name, args) if name in MUTATING or any(map(accesses, args)):
            return _names([value])
        case syntax.Subscript(value, index) if accesses(index):
            return _names([value])
        case syntax.Binary() | syntax.Compare() | syntax.Builtin():
            parts = operands(node)
            later = [any(map(accesses, parts[i + 1 :])) for i in range(len(parts))]
            read = {
                part.name for part, more in zip(parts, later, strict=True) if more and isinstance(part, syntax.Shared)
            }
            return read & containers
        case _:
            places = [
                place for target in targets(node) for place in bound(target) if isinstance(place, syntax.Subscript)
            ]
            return _names([*places, *_loops(node)])


def _used_inside(node: syntax.Node) -> set[str]:
    """The variables of which an element's object is loaded and used further on."""
    match node:
        case syntax.AugmentedAssign(syntax.Subscript() as place, _, value) if accesses(value) and takes_containers(
            node
        ):
            return _names([place])
        case _:
            return _names([place for place in _loops(node) if isinstance(place, syntax.Subscript)])


def _either(node: syntax.Node) -> set[str]:
    """The variables of a loop over one of several: it may be the shared container itself."""
    iterable = _iterable(node)
    return set() if iterable is None else {name for part in parts_of(iterable) for name in _names([part])}


def parts_of(iterable: syntax.Expr) -> list[syntax.Expr]:
    """The shared containers of which one may be what a loop over `x or y`, `x if c else y` runs over."""
    match iterable:
        case syntax.Boolean(_, operands):
            parts: tuple[syntax.Expr, ...] = operands
        case syntax.Conditional(_, body, orelse):
            parts = (body, orelse)
        case _:
            return []
    return [place for part in parts for place in (place_of(part), *parts_of(part)) if place is not None]


def _loops(node: syntax.Node) -> list[syntax.Expr]:
    iterable = _iterable(node)
    place = None if iterable is None else place_of(iterable)
    return [] if place is None else [place]


def _iterable(node: syntax.Node) -> syntax.Expr | None:
    return node.iterable if isinstance(node, syntax.Clause) else getattr(node, "iterable", getattr(node, "over", None))


def _names(places: list[syntax.Expr]) -> set[str]:
    return {variable.name for variable in map(root, places) if variable is not None}
