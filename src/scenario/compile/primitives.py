"""Primitives as written -> values: arguments computed, and refused with the words of Python's constructors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from scenario.compile import codes
from scenario.compile.constants import Evaluator
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.names.objects import element
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import ELEMENT, Names
from scenario.diagnostics import Instead
from scenario.language.primitives import KINDS, LOCKS
from scenario.language.runtimes import MOST_OF_A_SEMAPHORE
from scenario.program import program
from scenario.source import Span
from scenario.spec import primitives as spec
from scenario.spec.recovery import UNKNOWN as BROKEN
from scenario.syntax import Const, Expr, Ref

MOST = 100_000
"""Elements of an array, threads of a group: more would exhaust the machine before anything is run."""


class Constructors:
    """Builds the primitives of one case."""

    def __init__(self, names: Names, resolver: Resolver, evaluator: Evaluator, found: Findings) -> None:
        self.names = names
        self.resolver = resolver
        self.evaluator = evaluator
        self.found = found

    def primitive(self, name: str, model: spec.Primitive | spec.Array) -> program.Primitive:
        """A primitive or array; the size of an array is already known to `names`."""
        if not isinstance(model, spec.Array):
            return program.Primitive(name, (self._kind(model, None),), span=model.span)
        thing = self.names.get(name)
        size = thing.size if thing is not None and thing.size is not None else 0
        elements = tuple([self._kind(model.of, index) for index in range(size)])
        return program.Primitive(name, elements, is_array=True, span=model.span)

    def _kind(self, model: spec.Primitive, index: int | None) -> program.Kind:
        build = WITH_ARGUMENTS.get(model.kind)
        if build is not None:
            return build(self, model, index)
        plain: Callable[[], program.Kind] = KINDS[model.kind].kind
        return plain()

    # --- arguments ------------------------------------------------------------------------------------

    def number(
        self,
        node: Expr | None,
        index: int | None,
        default: object,
        what: str,
        *,
        whole: bool = True,
        asks: Callable[[Any], object] | None = None,
    ) -> Any:
        """A constructor's number, `default` if it is not given or was reported.

        `asks` is what Python's constructor itself compares: its refusal is told in Python's words.
        """
        if node is None:
            return default
        count = self.found.count
        value = self.evaluator.value(node, index)
        if self.found.count > count:
            return default
        if not isinstance(value, int if whole else int | float):
            needed = "an integer" if whole else "a number"
            self.found.add(codes.CONSTRUCTOR, _refusal(asks, value) or f"{what} is {needed}, not {value!r}", node.span)
            return default
        return int(value) if whole else float(value)

    def refuse(self, message: str, model: spec.Primitive, key: str, exception: str = "ValueError") -> None:
        """Python's own words."""
        self.found.add(codes.CONSTRUCTOR, f"{model.kind}: {exception}: {message}", model.at(key))

    def action(self, name: str | None, span: Span, what: str) -> str | None:
        """A routine without parameters (or a callable of `python`)."""
        if name is None:
            return None
        thing = self.names.get(name)
        if thing is None and self.names.doubts(name):
            self.found.follows()
        elif thing is None or thing.role not in ("routine", "python"):
            near = did_you_mean(name, self.names.named("routine", "python"))
            message = f"`{name}` is {thing.words()}, no routine" if thing else f"there is no routine `{name}`"
            hint = Instead(name, near) if near else "declare it under `routines`"
            self.found.add(codes.ROUTINE, message, span, hint)
        elif not thing.takes(0):
            self.found.add(codes.ARGUMENTS, f"`{name}` has parameters, and {what} is called without arguments", span)
        return name

    # --- kinds ----------------------------------------------------------------------------------------

    def build_semaphore(self, model: spec.Primitive, index: int | None) -> program.Kind:
        value = self.number(model.expr("value"), index, 1, "a semaphore's value", asks=lambda v: v < 0)
        if value < 0:
            self.refuse("semaphore initial value must be >= 0", model, "value")
        return program.Semaphore(value) if model.kind == "Semaphore" else program.BoundedSemaphore(value)

    def build_condition(self, model: spec.Primitive, index: int | None) -> program.Kind:
        ref = model.ref("lock")
        if ref is None:
            return program.Condition()
        thing = self.names.get(ref.name)
        if self.names.doubts(ref.name) if thing is None else thing.broken:
            return program.Condition()
        if thing is None or thing.kind not in LOCKS:
            locks = [name for name, other in self.names.things.items() if other.kind in LOCKS]
            near = did_you_mean(ref.name, locks)
            message = f"`{ref.name}` is {thing.words()}" if thing else f"there is no lock `{ref.name}`"
            hint = (
                Instead(ref.name, near) if near else "name a Lock or RLock of `primitives`, or write `Condition` alone"
            )
            self.found.add(codes.CONDITION_LOCK, f"{message}: a condition's lock is a Lock or RLock", ref.span, hint)
            return program.Condition()
        count = self.found.count
        element(self.resolver, thing, ref.index, ref.span, ELEMENT)
        if self.found.count > count or thing.size is None or thing.size < 0 or ref.index is None:
            return program.Condition((ref.name, None))
        return self._element_lock(ref, ref.index, thing.size, index)

    def _element_lock(self, ref: Ref, node: Expr, size: int, index: int | None) -> program.Kind:
        value = self.number(node, index, 0, "an index")
        if not -size <= value < size:
            self.found.add(codes.ELEMENT, f"`{ref.name}[{value}]` is out of range: it has {size} elements", node.span)
        return program.Condition((ref.name, value % size if size else 0))

    def build_barrier(self, model: spec.Primitive, index: int | None) -> program.Kind:
        parties = self.number(model.expr("parties"), index, 1, "a barrier's number of parties")
        if parties < 1 and sys.version_info >= (3, 13):
            self.refuse("parties must be > 0", model, "parties")
        timeout, given = None, model.expr("timeout")
        if not (isinstance(given, Const) and given.value is None):
            timeout = self.number(given, index, None, "a timeout", whole=False)
        action = self.action(model.name("action"), model.at("action"), "a barrier's action")
        return program.Barrier(parties, action, timeout)

    def build_queue(self, model: spec.Primitive, index: int | None) -> program.Kind:
        maxsize = self.number(model.expr("maxsize"), index, 0, "a queue's maxsize")
        return _QUEUES[model.kind](maxsize)

    def _workers(self, model: spec.Primitive, index: int | None) -> int | None:
        node = model.expr("max_workers")
        if node is None or (isinstance(node, Const) and node.value is None):
            return None
        workers: int | None = self.number(node, index, None, "max_workers", asks=lambda v: v <= 0)
        if workers is not None and workers <= 0:
            self.refuse("max_workers must be greater than 0", model, "max_workers")
        return workers

    def build_thread_pool(self, model: spec.Primitive, index: int | None) -> program.Kind:
        workers = self._workers(model, index)
        initializer = self.action(model.name("initializer"), model.at("initializer"), "an initializer")
        template = model.template("thread_name_prefix")
        prefix = "" if template is None else self.evaluator.text(template, index)
        return program.ThreadPool(workers, initializer, prefix)

    def build_process_pool(self, model: spec.Primitive, index: int | None) -> program.Kind:
        workers = self._workers(model, index)
        if workers is not None and workers >= MOST_OF_A_SEMAPHORE:  # its queue has room for one call more
            self.refuse("Python int too large to convert to C int", model, "max_workers", "OverflowError")
        return program.ProcessPool(
            workers, self.action(model.name("initializer"), model.at("initializer"), "an initializer")
        )


def _refusal(asks: Callable[[object], object] | None, value: object) -> str | None:
    """Python's own words, where its constructor can not even compare the value."""
    if asks is None:
        return None
    try:
        asks(value)
    except TypeError as error:
        return f"TypeError: {error}"
    return None


_QUEUES: Mapping[str, Callable[[int], program.Kind]] = {
    "Queue": program.Queue, "LifoQueue": program.LifoQueue, "PriorityQueue": program.PriorityQueue,
}  # fmt: skip


WITH_ARGUMENTS: Mapping[str, Callable[[Constructors, spec.Primitive, int | None], program.Kind]] = {
    BROKEN: lambda *_: program.Lock(),
    "Semaphore": Constructors.build_semaphore, "BoundedSemaphore": Constructors.build_semaphore,
    "Condition": Constructors.build_condition, "Barrier": Constructors.build_barrier, "Queue": Constructors.build_queue,
    "LifoQueue": Constructors.build_queue, "PriorityQueue": Constructors.build_queue,
    "ThreadPoolExecutor": Constructors.build_thread_pool, "ProcessPoolExecutor": Constructors.build_process_pool,
}  # fmt: skip
"""The other kinds of the catalogue have none."""
