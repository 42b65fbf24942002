"""Expressions read access by access: each one stands at a gate of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from scenario import syntax
from scenario.engines.threads.controlled.environment import LiveEnvironment, Locals
from scenario.engines.threads.controlled.stage import Player, Stage
from scenario.program.accesses import MUTATING, accesses, operands, root, with_operands
from scenario.program.displays import is_spread, merged, spread
from scenario.program.following import follows, is_container, parts_of, place_of, rebased
from scenario.program.pycode import target_names
from scenario.program.unpacking import inner, shape, unpacked
from scenario.program.walk import map_children
from scenario.source import START
from scenario.syntax import Expr, Local, Slice, Template


class Reader(LiveEnvironment):
    """Evaluates for one thread in one frame; `span` is the step at whose gates it stands."""

    def __init__(self, stage: Stage, frame: Locals, own: Player | None = None) -> None:
        super().__init__(stage, frame, own)
        self.span = START
        self._held = 0
        self._prefixes: list[tuple[Expr, str]] = []

    def value(self, expr: Expr) -> Any:
        """The value; each access on the way is a step."""
        if not accesses(expr):
            return self.plain(expr)
        before = self._held
        found = self._value(expr)
        self._held = before  # what was held for this value is not needed any more
        return found

    def _value(self, expr: Expr) -> Any:
        match expr:
            case syntax.Shared():
                return self._read(expr)
            case syntax.Query(ref) if ref.index is not None:
                index = self.held(ref.index)
                return self._read(syntax.Query(map_children(ref, lambda _: index), expr.attribute, span=expr.span))
            case syntax.Query():
                return self._read(expr)
            case syntax.FutureQuery(future):
                return self._read(syntax.FutureQuery(self.held(future), expr.attribute, span=expr.span))
            case syntax.Subscript() if root(expr) is not None:
                return self._read(self.chain(self.loaded(expr) if accesses(expr.index) else expr))
            case syntax.Method(value) if root(value) is not None:
                return self._method(expr)
            case syntax.Boolean(operator, given):
                return self._boolean(operator, given)
            case syntax.Conditional(test, body, orelse):
                return self.value(body if self.value(test) else orelse)
            case syntax.Compare():
                return self._compare(expr)
            case syntax.Comprehension():
                return self._comprehension(expr)
            case syntax.Builtin("any" | "all", (syntax.Comprehension(kind="generator") as generator,)):
                return self._quantifier(expr.name, generator)
            case syntax.ListDisplay() | syntax.TupleDisplay() | syntax.SetDisplay() if is_spread(expr.items):
                return self.plain(spread(expr, self.held, self._made))
            case syntax.DictDisplay() if None in expr.keys:
                return self.plain(merged(expr, self.held, self._made))
            case syntax.Builtin() if is_spread(expr.args):
                args = spread(syntax.TupleDisplay(expr.args), self.held, self._made)
                return self._operands(replace(expr, args=(syntax.Starred(args),)))
            case syntax.Method(value, name):
                owner = self.held(value)
                getattr(self.plain(owner), name)  # before its arguments, as CPython
                return self._operands(replace(expr, value=owner))
            case _:
                return self._operands(expr)

    def _operands(self, expr: Expr) -> Any:
        parts = operands(expr)
        last = max((i for i, part in enumerate(parts) if accesses(part)), default=0)
        done: dict[int, Expr] = {}
        consumed = 0
        for i, part in enumerate(parts):
            if i < last and is_container(self.stage.program, part):
                consumed += 1
                done[id(part)] = self._leaf(self.plain(self.loaded(part)))
            else:
                done[id(part)] = self.held(part)
        for _ in range(consumed):  # what is in it counts when the operation is done
            self._gate()
        return self.plain(with_operands(expr, done))

    def _made(self, expr: Expr) -> Expr:
        return self._leaf(self.plain(expr))

    def _read(self, expr: Expr) -> Any:
        self._gate()
        return self.plain(expr)

    def _gate(self) -> None:
        """Before an access; what CPython has reached by then is read with it, for what it may raise."""
        self.stage.gate(self.span)
        prefixes, self._prefixes = self._prefixes, []
        for owner, attribute in prefixes:
            getattr(self.plain(owner), attribute)

    @contextmanager
    def _reading_first(self, owner: Expr, attribute: str) -> Iterator[None]:
        """What follows comes after the place, and its attribute, have been reached."""
        prefix = (owner, attribute)
        self._prefixes.append(prefix)
        yield
        self._prefixes = [other for other in self._prefixes if other is not prefix]

    # --- what is evaluated before the access ---------------------------------------------------------

    def held(self, expr: Expr) -> Expr:
        """The value, evaluated now, as a leaf."""
        if isinstance(expr, syntax.Const) and not isinstance(expr.value, list | dict | set):
            return expr
        if isinstance(expr, syntax.Starred):
            return syntax.Starred(self.held(expr.value))
        return self._leaf(self.value(expr))

    def _leaf(self, value: Any) -> Local:
        self._held += 1
        name = f"${self._held}"
        self.frame[name] = value
        return Local(name)

    def chain(self, expr: Expr) -> Expr:
        """A chain of subscripts with its indices evaluated."""
        if not isinstance(expr, syntax.Subscript):
            return expr
        value = self.chain(expr.value)
        later = isinstance(value, syntax.Subscript) and accesses(expr.index)
        with self._reading_first(value, "__class__") if later else nullcontext():
            index = self._index(expr.index)
        return syntax.Subscript(value, index, span=expr.span)

    def loaded(self, place: Expr) -> Expr:
        """The place in the object that its variable has now: a step of its own where that is followed."""
        variable = root(place)
        if variable is None or not follows(self.stage.program, place):
            return place
        return rebased(place, self._leaf(self._read(variable)))

    def _index(self, index: Expr | Slice) -> Expr | Slice:
        return map_children(index, self.held) if isinstance(index, Slice) else self.held(index)

    def text(self, node: Template) -> str:
        """The template's holes, left to right, each made a text before the next is read."""
        before, parts = self._held, list[str | syntax.Hole]()
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
            else:
                hole = map_children(part, self.held)
                parts.append(syntax.Hole(self._leaf(self.plain(Template((hole,))))))
        found = str(self.plain(Template(tuple(parts))))
        self._held = before
        return found

    # --- one class each --------------------------------------------------------------------------------

    def _method(self, expr: syntax.Method) -> Any:
        followed = expr.name in MUTATING or any(map(accesses, expr.args))
        receiver = self.chain(self.loaded(expr.value) if followed else expr.value)
        later = any(map(accesses, (*expr.args, *(value for _, value in expr.keywords))))
        with self._reading_first(receiver, expr.name) if later else nullcontext():
            args = tuple(self.held(arg) for arg in expr.args)
            keywords = tuple((name, self.held(arg)) for name, arg in expr.keywords)
        return self._read(syntax.Method(receiver, expr.name, args, keywords, span=expr.span))

    def _boolean(self, operator: str, given: tuple[Expr, ...]) -> Any:
        result = None
        for operand in given:
            result = self.value(operand)
            if bool(result) == (operator == "or"):
                break
        return result

    def _compare(self, expr: syntax.Compare) -> Any:
        result: Any = True
        left = self.held(expr.left)
        for operator, comparand in zip(expr.operators, expr.comparands, strict=True):
            right = self.held(comparand)
            result = self.plain(syntax.Compare(left, (operator,), (right,)))
            if not result:
                break
            left = right
        return result

    def _comprehension(self, expr: syntax.Comprehension) -> Any:
        if expr.kind == "dict":
            found: dict[Any, Any] = {}
            for _ in self._clauses(expr.clauses):
                assert expr.key is not None
                key = self.value(expr.key)
                found[key] = self.value(expr.element)
            return found
        items = [self.value(expr.element) for _ in self._clauses(expr.clauses)]
        return set(items) if expr.kind == "set" else items

    def _quantifier(self, name: str, generator: syntax.Comprehension) -> bool:
        for _ in self._clauses(generator.clauses):
            if bool(self.value(generator.element)) == (name == "any"):
                return name == "any"
        return name == "all"

    def _clauses(self, clauses: tuple[syntax.Clause, ...]) -> Iterator[None]:
        if not clauses:
            yield
            return
        clause = clauses[0]
        names = target_names(clause.target)
        outer = {name: self.frame[name] for name in names if name in self.frame}
        for item in self.each(clause.iterable):
            self._bind(clause.target, item)
            if all(self.value(condition) for condition in clause.conditions):
                yield from self._clauses(clauses[1:])
        for name in names:
            self.frame.pop(name, None)
        self.frame.update(outer)

    def each(self, iterable: Expr) -> Iterator[Any]:
        """An element a step where the value is a shared container, all of it at once otherwise."""
        view = iterable.name if isinstance(iterable, syntax.Method) else "keys"
        place = place_of(iterable)
        if place is None:
            value, is_shared = self._either(iterable)
            yield from (
                self._elements(value, view) if is_shared else value if isinstance(value, str | list) else list(value)
            )
        elif follows(self.stage.program, place):
            yield from self._elements(self._read(self.chain(place)), view)
        else:
            chain = self.chain(place)
            self._gate()
            yield from self._elements(self.plain(chain), view, begun=True)

    def _either(self, iterable: Expr) -> tuple[Any, bool]:
        """The value of what a loop runs over, and whether it is a shared container itself."""
        match iterable:
            case syntax.Boolean(operator, operands) if parts_of(iterable):
                found: tuple[Any, bool] = (None, False)
                for operand in operands:
                    found = self._either(operand)
                    if bool(found[0]) == (operator == "or"):
                        break
                return found
            case syntax.Conditional(test, body, orelse) if parts_of(iterable):
                return self._either(body if self.value(test) else orelse)
            case syntax.Method():
                return self.value(iterable), False
            case _ if place_of(iterable) is not None:
                return self._read(self.chain(iterable)), True
            case _:
                return self.value(iterable), False

    def _elements(self, items: Any, view: str, *, begun: bool = False) -> Iterator[Any]:
        """Python's own iterator, a step for each element and for the end; `begun`: the first step has been taken."""
        if not isinstance(items, list | dict | set):
            if not begun:
                self._gate()
            yield from items
            return
        left = iter(getattr(items, view)() if isinstance(items, dict) else items)
        while True:
            if not begun:
                self._gate()
            begun = False
            try:
                item = next(left)
            except StopIteration:
                return
            yield item

    def _bind(self, target: Expr, value: Any) -> None:
        """Assigns to a target of locals (a comprehension's)."""
        match target:
            case Local(name):
                self.frame[name] = value
            case syntax.TupleDisplay(items) | syntax.ListDisplay(items):
                for item, part in zip(items, unpacked(value, *shape(items)), strict=True):
                    self._bind(inner(item), part)
            case _:
                raise TypeError(f"no target of a comprehension: {target!r}")
