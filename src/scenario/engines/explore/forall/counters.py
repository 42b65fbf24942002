"""What a program's threads add up, whatever the order: a semaphore's places, a queue's items, the length of a list, a number.

Each is used in the file in no other way than is counted here, and can be asked for its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from scenario.engines.explore.reductions.amounts import is_small
from scenario.program import ops
from scenario.program.ops import Op
from scenario.program.program import (
    Barrier,
    BoundedSemaphore,
    Condition,
    LifoQueue,
    Lock,
    Primitive,
    PriorityQueue,
    Program,
    Queue,
    RLock,
    Semaphore,
    SimpleQueue,
    Var,
)
from scenario.program.targets import writes
from scenario.program.whole import bodies, every_node, kinds, lock_name
from scenario.record import record
from scenario.results.outcome import Outcome
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Builtin,
    Const,
    Evaluate,
    Local,
    Method,
    Node,
    Query,
    Ref,
    Shared,
    Unary,
)

_GUARDING = (ops.With, ops.WaitCondition, ops.WaitFor, ops.Notify, ops.NotifyAll)
"""What is done with a lock that excludes all others from the beginning of a `with` to its end, but while it waits there."""


@record
class Counter:
    """`first`: what there is in the beginning; `each`: what an operation adds, once it is over; `entered`: what a `with` has added between its ends.

    `seen`: what there is in an end, if that tells.
    """

    first: int
    each: Callable[[Node], int]
    entered: Callable[[ops.With], int]
    seen: Callable[[Outcome], int | None]


def counters(program: Program, left_out: frozenset[str] = frozenset()) -> Iterator[Counter]:
    """All that can be asked in the end, but for variables that are left out."""
    nodes = every_node(program)
    for primitive in program.primitives:
        yield from _of_primitive(primitive, nodes)
    for var in program.vars:
        if isinstance(var.value, list) and _is_only_measured(var, nodes):
            yield Counter(len(var.value), partial(_lengthens, var.name), _nothing, partial(_length, var.name))
    yield from (number for name, number in numbers(program).items() if name not in left_out)


def _nothing(_: ops.With) -> int:
    return 0


# --- semaphores and queues ----------------------------------------------------------------------------------


def _of_primitive(primitive: Primitive, nodes: list[Node]) -> Iterator[Counter]:
    if primitive.is_array:
        return
    name, (kind,) = primitive.name, primitive.elements
    match kind:
        case Semaphore(value) | BoundedSemaphore(value):
            counter = Counter(value, partial(_frees, name), partial(_enters, name), partial(_none_left, name))
            known = [node for node in nodes if _frees(name, node) or _is_with(name, node)]
        case Queue(maxsize) | LifoQueue(maxsize) | PriorityQueue(maxsize):
            counter = Counter(0, partial(_puts, name), _nothing, partial(_items, name, maxsize))
            known = [node for node in nodes if _puts(name, node) or _is_about(name, node)]
        case SimpleQueue():
            counter = Counter(0, partial(_puts, name), _nothing, partial(_items, name, 0))
            known = [node for node in nodes if _puts(name, node)]
        case _:
            return
    asked = [node for node in nodes if isinstance(node, Query) and node.ref.name == name]
    if len(known) + len(asked) == sum(isinstance(node, Ref) and node.name == name for node in nodes):
        yield counter


def _frees(name: str, op: Node) -> int:
    match op:
        case ops.Acquire(Ref(ref), blocking=None, timeout=None) if ref == name:
            return -1
        case ops.Release(Ref(ref), n=None) if ref == name:
            return 1
        case ops.Release(Ref(ref), n=Const(value)) if ref == name and type(value) is int:
            return max(value, 0)
        case _:
            return 0


def _enters(name: str, op: ops.With) -> int:
    return -1 if _is_with(name, op) else 0


def _is_with(name: str, op: Node) -> bool:
    return isinstance(op, ops.With) and op.ref.name == name


def _none_left(name: str, end: Outcome) -> int | None:
    """Of its places, where somebody waits for one."""
    return 0 if _waits(name, "semaphore", end) else None


def _puts(name: str, op: Node) -> int:
    match op:
        case ops.Put(Ref(ref), block=None, timeout=None) if ref == name:
            return 1
        case ops.Get(Ref(ref), block=None, timeout=None) if ref == name:
            return -1
        case _:
            return 0


def _is_about(name: str, op: Node) -> bool:
    """Whether it tells of items that were taken, and moves none."""
    return isinstance(op, ops.TaskDone | ops.JoinQueue) and op.ref.name == name


def _items(name: str, maxsize: int, end: Outcome) -> int | None:
    if _waits(name, "item", end):
        return 0
    return maxsize if _waits(name, "room", end) else None


def _waits(name: str, kind: str, end: Outcome) -> bool:
    return any(one.wait.name == name and one.wait.kind == kind for one in end.blocked)


def barriers(program: Program) -> Iterator[tuple[int, Counter]]:
    """How often threads have passed each, and how many meet there."""
    nodes = every_node(program)
    for primitive in program.primitives:
        match primitive:
            case Primitive(name, (Barrier(parties),), False):
                known = [node for node in nodes if _passes(name, node)]
                if len(known) == sum(isinstance(node, Ref) and node.name == name for node in nodes):
                    yield parties, Counter(0, partial(_passes, name), _nothing, lambda _: None)
            case _:
                pass


def _passes(name: str, op: Node) -> int:
    return int(isinstance(op, ops.WaitBarrier) and op.ref.name == name and op.timeout is None)


# --- lists ------------------------------------------------------------------------------------------------------


def _is_only_measured(var: Var, nodes: list[Node]) -> bool:
    """Whether it only gets longer and shorter by one, and goes by no other name."""
    known = [node for node in nodes if _lengthens(var.name, node) or _measures(var.name, node)]
    return len(known) == sum(isinstance(node, Shared) and node.name == var.name for node in nodes)


def _lengthens(name: str, op: Node) -> int:
    match op:
        case Evaluate(Method(Shared(variable), "append", (_,))) if variable == name:
            return 1
        case Evaluate(Method(Shared(variable), "pop")) | Assign(_, Method(Shared(variable), "pop")) if variable == name:
            return -1
        case _:
            return 0


def _measures(name: str, node: Node) -> bool:
    """Whether it asks how long it is, or whether there is anything in it, and gives nobody the list itself."""
    match node:
        case Builtin("len", (Shared(variable),)) | Unary("not", Shared(variable)):
            return variable == name
        case ops.While(Shared(variable)) | ops.WaitFor(until=Shared(variable)):
            return variable == name
        case _:
            return False


def _length(name: str, end: Outcome) -> int | None:
    value = end.shared[name]
    return len(value) if isinstance(value, list) else None


# --- numbers ------------------------------------------------------------------------------------------------------


def numbers(program: Program) -> dict[str, Counter]:
    """The variables to which is only added, by whoever excludes all others meanwhile."""
    within: dict[str, list[frozenset[str]]] = {}
    for body in bodies(program):
        for op, locks in _within(body, frozenset()):
            for name in writes(op):
                within.setdefault(name, []).append(
                    frozenset(lock_name(program, lock) for lock in locks) if _adds(name, op) else frozenset()
                )
    excluding = frozenset(primitive.name for primitive in program.primitives if _excludes(primitive.name, program))
    return {
        var.name: Counter(var.value, partial(_adds, var.name), _nothing, partial(_value, var.name))
        for var in program.vars
        if is_small(var.value) and (all_of := within.get(var.name)) and excluding.intersection(*all_of)
    }


def _within(block: ops.Block, locks: frozenset[str]) -> Iterator[tuple[Op, frozenset[str]]]:
    """Each step by itself, or one in which others stand and that is not looked into, and what is held there."""
    for op in block:
        match op:
            case ops.With(ref, body):
                yield from _within(body, locks | {ref.name} if ref.index is None else locks)
            case ops.Repeat(_, body, None | Local()) | ops.For(Local(), _, body) | ops.While(_, body):
                yield from _within(body, locks)
            case ops.If(branches, orelse):
                for one in (*(body for _, body in branches), orelse):
                    yield from _within(one, locks)
            case _:
                yield op, locks


def _adds(name: str, op: Node) -> int:
    match op:
        case AugmentedAssign(Shared(variable), "+" | "-" as sign, Const(value)) if variable == name and is_small(value):
            return value if sign == "+" else -value
        case _:
            return 0


def _excludes(name: str, program: Program) -> bool:
    """Whether it is a lock that is only taken for the length of a block, and lent by whoever waits in there."""
    primitive = kinds(program)[name]
    if primitive.is_array or not isinstance(primitive.elements[0], Lock | RLock | Condition):
        return False
    nodes = every_node(program)
    guarding = [node for node in nodes if isinstance(node, _GUARDING) and lock_name(program, node.ref.name) == name]
    asked = [node for node in nodes if isinstance(node, Query) and lock_name(program, node.ref.name) == name]
    refs = [node for node in nodes if isinstance(node, Ref) and lock_name(program, node.name) == name]
    return len(guarding) + len(asked) == len(refs)


def _value(name: str, end: Outcome) -> int | None:
    value = end.shared[name]
    return value if type(value) is int else None
