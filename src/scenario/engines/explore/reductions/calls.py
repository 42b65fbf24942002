"""The calls of a pool as threads of their own: of those that only add up it can not be seen how many go at a time.

`main` hands them over before it does anything that could wait, or be seen; nobody has their futures, and the pool is used for
nothing else but to be shut down. So no call waits for another but at locks that are given back, each is surely done before `main` is over, or
has shut down the pool, and which worker does it is nobody's business. That is so of calls that are then left out as what they
add (`reduced.py`); with any other call workers may be too few, so all of them must be such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scenario.engines.explore.reductions.amounts import Outside, amount, nothing
from scenario.engines.explore.reductions.counters import bound
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup, ThreadPool
from scenario.program.walk import map_children, walk_all
from scenario.program.whole import every_node, threads_in_claims, used
from scenario.record import record
from scenario.results.exploration import Exploration
from scenario.results.notes import AsUpdates, Note
from scenario.syntax import Binary, Builtin, Const, Expr, Local, Ref, Register, Unary

MOST_CALLS = 100_000
WAITING = (ops.Put, ops.Get)
"""What may keep a worker until another call is done."""


@record
class Calls:
    """A program in which threads do what calls of pools do in the file; `main` is what else that does.

    `routines`: what is called, by the group of those that do it.
    """

    program: Program
    routines: Mapping[str, str]
    main: Block

    def without(self, program: Program) -> Program:
        """What has come of `program`, in which they have nothing left to do."""
        groups = tuple(group for group in program.groups if group.key not in self.routines)
        return replace(program, main=self.main, groups=groups)

    def told(self, found: Exploration) -> Exploration:
        """With calls by their routines."""
        return replace(found, notes=tuple(map(self._of_calls, found.notes)))

    def _of_calls(self, note: Note) -> Note:
        if isinstance(note, AsUpdates) and note.group in self.routines:
            return replace(note, group=self.routines[note.group], are_calls=True)
        return note


def as_threads(program: Program) -> Calls | None:
    """None where there is no pool that is used so, or another use of one."""
    pools = {
        primitive.name
        for primitive in program.primitives
        for kind in primitive.elements
        if isinstance(kind, ThreadPool) and kind.initializer is None and not primitive.is_array
    }
    if not pools or program.main is None or program.runtime != "threading":
        return None
    try:
        split = _split(program, program.main, pools)
    except Outside:
        return None
    groups = [group for each in split.groups.values() for group in each]
    others = tuple(primitive for primitive in program.primitives if primitive.name not in pools)
    made = replace(program, main=split.read, groups=(*program.groups, *groups), primitives=others)
    is_used = any(isinstance(node, Ref) and node.name in pools for node in every_node(made))
    routines = {group.key: call.routine for group in groups for call in group.body if isinstance(call, ops.CallRoutine)}
    return None if is_used or _names_workers(program) else Calls(made, routines, split.main)


def _names_workers(program: Program) -> bool:
    """Whether a claim speaks of anybody but the file's threads."""
    return not threads_in_claims(program) <= {"main", *(group.key for group in program.groups)}


# --- main ----------------------------------------------------------------------------------------------


@record
class _Split:
    """`read`: what `main` does with threads in the place of calls, started first, and joined where it waits for calls; `main`: without them."""

    read: Block
    main: Block
    groups: Mapping[str, list[ThreadGroup]]


def _split(program: Program, main: Block, pools: set[str]) -> _Split:
    """Raises Outside."""
    starts: list[ops.Start] = []
    groups: dict[str, list[ThreadGroup]] = {pool: [] for pool in pools}
    left = list(main)
    closed: str | None = None
    while left and closed is None and not _has_others(left[0], pools):
        match op := left.pop(0):
            case ops.Start():
                starts.append(op)
            case ops.With(ref, body):
                closed = ref.name
                _hand_over(program, body, groups)
            case _:
                _hand_over(program, (op,), groups)
    loops = {name for op in main[: len(main) - len(left)] for node in walk_all(op) for name in bound(node)}
    asked = {node.name for node in walk_all(tuple(left)) if isinstance(node, Local)}
    asked |= {node.local for node in every_node(program) if isinstance(node, Register) and node.thread.name == "main"}
    if loops & asked:
        raise Outside  # the last round's number is known afterwards
    begun = [ops.Start(Ref(group.key)) for each in groups.values() for group in each]
    read = [*_each_start(program, starts), *begun, *_joins(groups[closed] if closed else ())]
    rest: list[ops.Op] = []
    for op in left:
        match op:
            case ops.ShutdownPool(Ref(name, None), wait, None) if name in pools and (
                wait is None or isinstance(wait, Const)
            ):
                read += _joins(groups[name] if wait is None or wait.value is True else ())
            case ops.Join(Ref("all", None), None):  # of the threads, and no calls
                read += _joins(program.groups)
                rest.append(op)
            case _:
                read.append(op)
                rest.append(op)
    return _Split(tuple(read), (*starts, *rest), groups)


def _each_start(program: Program, starts: Iterable[ops.Start]) -> list[ops.Op]:
    """The same by name: `all` are the threads, and no calls."""
    names: list[str] = []
    for op in starts:
        all_left = [group.key for group in program.groups if group.key not in names]
        names += all_left if op.ref.name == "all" else [op.ref.name]
    return [ops.Start(Ref(name)) for name in names]


def _joins(groups: Iterable[ThreadGroup]) -> list[ops.Op]:
    return [ops.Join(Ref(group.key)) for group in groups]


def _has_others(op: ops.Op, pools: set[str]) -> bool:
    """Whether it does anything but start threads, or hand over calls to these."""
    match op:
        case ops.Start(ref):
            return ref.index is not None
        case ops.With(Ref(name, None), body):
            return name not in pools or not all(_hands_over(each, {name}) for each in body)
        case _:
            return not _hands_over(op, pools)


def _hands_over(op: ops.Op, pools: set[str]) -> bool:
    match op:
        case ops.Submit() | ops.Map():
            return op.to.name in pools
        case ops.Repeat() | ops.For():
            return all(_hands_over(each, pools) for each in op.body)
        case _:
            return False


# --- calls ---------------------------------------------------------------------------------------------


def _hand_over(program: Program, block: Block, groups: Mapping[str, list[ThreadGroup]]) -> None:
    for op in block:
        for call, count in _calls(op, None):
            groups[call.to.name].append(_group(program, call, count, sum(map(len, groups.values()))))


def _calls(op: ops.Op, loop: tuple[int, str] | None) -> Iterator[tuple[ops.Submit, int]]:
    """Those that are handed over, each with how often; its `index` stands for the round of the loop around (its rounds, its local). Raises Outside."""
    match op:
        case ops.Submit(into=None, keywords=()):
            rounds, name = loop or (1, "")
            yield replace(op, args=tuple(_numbered(arg, name) for arg in op.args)), rounds
        case ops.Map(over=Builtin("range", (times,), ()), timeout=None, into=None, target=None) if loop is None:
            yield ops.Submit(op.routine, op.to, (Local("index"),), span=op.span), _times(times)
        case ops.Repeat(times, body, (Local() | None) as target) if loop is None:
            for each in body:
                yield from _calls(each, (_times(times), "" if target is None else target.name))
        case ops.For(Local(name), Builtin("range", (times,), ()), body) if loop is None:
            for each in body:
                yield from _calls(each, (_times(times), name))
        case _:
            raise Outside


def _times(count: Expr) -> int:
    """A number of rounds that the file says. Raises Outside."""
    many = amount(count, {}, nothing).value
    if many is None or many != int(many) or not 0 < many <= MOST_CALLS:
        raise Outside
    return int(many)


def _numbered(arg: Expr, loop: str) -> Expr:
    """An argument in which the loop's own number is the call's. Raises Outside where it asks for more."""
    nodes = list(walk_all(arg))
    if not all(
        isinstance(node, Const | Binary | Unary) or (isinstance(node, Local) and node.name == loop) for node in nodes
    ):
        raise Outside

    def numbered(node: Expr) -> Expr:
        return replace(node, name="index") if isinstance(node, Local) else map_children(node, numbered)

    return numbered(arg)


def _group(program: Program, call: ops.Submit, count: int, number: int) -> ThreadGroup:
    """So many threads that do it. Raises Outside where it may wait for others, or asks who does it."""
    routine = program.routines.get(call.routine)
    nodes = [] if routine is None else list(used(routine.body, program.routines))
    asks = any(isinstance(node, Local) and node.name in ("index", "name") for node in nodes)
    if routine is None or asks or any(isinstance(node, WAITING) for node in nodes):
        raise Outside
    key = f"{call.routine}(…) {number}"
    step = ops.CallRoutine(call.routine, call.args, span=call.span)
    return ThreadGroup(key, tuple(f"{key}[{i}]" for i in range(count)), (step,), is_group=True, span=call.span)
