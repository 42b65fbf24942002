"""Expressions as Python text: the tree with the module's names put in, shown as it is shown everywhere."""

from __future__ import annotations

from dataclasses import replace

from scenario import syntax
from scenario.export.python.names import Names
from scenario.export.python.processes.variables import gone_through, held, itself
from scenario.export.refusal import Refusals
from scenario.language.primitives import KINDS, Condition, Kind, RLock
from scenario.program import show
from scenario.program.walk import map_children
from scenario.record import record
from scenario.syntax import Expr, Template

_LAZY = ("enumerate", "zip", "reversed")
"""They give a list in a scenario, and an iterator in Python."""
_ATTRIBUTES = frozenset(name for kind in KINDS.values() for name, ask in kind.asks.items() if not ask.is_call)


@record
class Writer:
    """Texts of one function: `scope` is the thread, routine or "main" that it belongs to, `index` what `index` is there.

    `in_text`: they stand in an f-string, whose quotes are taken.
    """

    names: Names
    refusals: Refusals
    scope: str
    index: str
    in_text: bool = False

    def write(self, expr: Expr) -> str:
        return show.expression(self._put(expr))

    def argument(self, expr: Expr) -> str:
        """As one of several: a tuple gets its parentheses."""
        text = self.write(expr)
        return f"({text})" if isinstance(expr, syntax.TupleDisplay) and expr.items else text

    def iterated(self, expr: Expr) -> str:
        """What a loop runs over: an iterator will do."""
        if isinstance(expr, syntax.Builtin) and expr.name in _LAZY:
            return show.expression(map_children(expr, self._put))
        return self.write(gone_through(self.names, expr) if self.names.words.one == "process" else expr)

    def place(self, ref: syntax.Ref) -> str:
        """The object that a ref names."""
        name = self.names.ref(ref.name)
        return name if ref.index is None else f"{name}[{self.write(ref.index)}]"

    def text(self, template: Template) -> str:
        """A text with its holes, as an f-string where its quotes allow one."""
        holes = [part for part in template.parts if isinstance(part, syntax.Hole)]
        if not holes:
            return quoted("".join(part for part in template.parts if isinstance(part, str)))
        within = replace(self, in_text=True)
        shown = {id(hole): within.write(hole.value) for hole in holes}
        literal = "".join(part for part in template.parts if isinstance(part, str))
        never = set('"\\{') | ({"'"} if '"' in literal else set())
        simple = not any(never & set(text) for text in shown.values())
        parts = []
        for part in template.parts:
            if isinstance(part, str):
                parts.append(part.replace("{", "{{").replace("}", "}}"))
            else:
                marks = (f"!{part.conversion}" if part.conversion else "") + (f":{part.format}" if part.format else "")
                parts.append(f"{{{shown[id(part)] if simple else ''}{marks}}}")
        text = quoted("".join(parts))
        return f"f{text}" if simple else f"{text}.format({', '.join(shown.values())})"

    # --- the module's names ----------------------------------------------------------------------

    def _put(self, expr: Expr) -> Expr:
        """The tree with names of the module in the place of what is the scenario's."""
        if self.names.words.one == "process":
            expr = itself(self.names, expr)
        match expr:
            case syntax.Param(_, name):
                self.names.params.add(name)
                return _name(self.names.identifier(name))
            case syntax.Const(value):
                return _name(repr(value) if self.in_text and isinstance(value, str) else literal(value))
            case syntax.Local(name):
                return _name(self._local(name))
            case syntax.Shared(name):
                return _name(held(self.names, name))
            case syntax.TlsField(tls, name):
                return _name(f"{self.place(tls)}.{name}")
            case syntax.Register(thread, local):
                return _name(self._kept(thread.name, local, thread.index))
            case syntax.Subscript(syntax.ListDisplay(items), index) if (array := self._array(items)) and not isinstance(
                index, syntax.Slice
            ):
                return _name(f"{array}[{self.write(index)}]")
            case syntax.OwnFuture(ref):
                return _name(self.place(ref))
            case syntax.Now():
                return _name(f"({self.names.module('time.monotonic')}() - started)")
            case syntax.Query():
                return _name(self._query(expr))
            case syntax.FutureQuery(future, "exception") if self.names.words.one == "task":
                return _name(f"{self.names.helper('exception_of')}({self.write(future)})")
            case syntax.FutureQuery(future, "exception"):
                return _name(f"{self._operand(future)}.exception(0)")
            case syntax.FutureQuery(future, asked):
                return _name(f"{self._operand(future)}.{asked}()")
            case syntax.Builtin("type_name", args):
                return _name(f"type({self.argument(args[0])}).__name__")
            case syntax.Builtin(name) if name in _LAZY:
                return _name(f"list({show.expression(map_children(expr, self._put))})")
            case _:
                return map_children(expr, self._put)

    def _array(self, items: tuple[Expr, ...]) -> str:
        """The array of futures whose elements these are, all of them."""
        names = {item.ref.name for item in items if isinstance(item, syntax.OwnFuture)}
        if len(names) != 1 or len(items) != len(self.names.primitives[name := names.pop()].elements):
            return ""
        return self.names.identifier(name) if all(isinstance(item, syntax.OwnFuture) for item in items) else ""

    def _operand(self, expr: Expr) -> str:
        text = self.write(expr)
        plain = isinstance(expr, syntax.Local | syntax.Shared | syntax.Subscript | syntax.OwnFuture)
        return text if plain else f"({text})"

    def _local(self, name: str) -> str:
        match name:
            case "name":
                return self.names.own_name()
            case "index":
                return self.index
            case _ if (self.scope, name) in self.names.kept:
                return self._kept(self.scope, name, None)
            case _:
                return self.names.identifier(name)

    def _kept(self, thread: str, local: str, index: Expr | None) -> str:
        """A local that is asked for when all is over: a global, or one place a member of the group."""
        name = self.names.kept_name(thread, local)
        if not self.names.is_group(syntax.Ref(thread)):
            return f"{name}.value" if self.names.is_apart(thread) else name
        return f"{name}[{self.index if index is None else self.write(index)}]"

    def _query(self, node: syntax.Query) -> str:
        attribute, place, words = node.attribute, self.place(node.ref), self.names.words
        match attribute:
            case "blocked":
                return self._untold(node, f"which no {words.one} can tell of another,")
            case "locked" if isinstance(self.kind(node.ref), RLock | Condition) and words.one == "thread":
                return self._untold(node, "which Python tells since 3.14 only,")
            case "locked" if isinstance(self.kind(node.ref), Condition) and words.one == "process":
                return self._untold(node, "which no process is told,")
            case "alive" if self.names.is_group(node.ref):
                return f"sum({words.alive.format(words.one)} for {words.one} in {place})"
            case "alive":
                return f"int({words.alive.format(place)})"
            case "is_alive":
                return f"({words.alive.format(place)})" if " " in words.alive else words.alive.format(place)
            case "daemon" if words.one == "task":
                return repr(self.names.groups[node.ref.name].daemon)
            case _ if attribute in words.untold:
                return self._untold(node, "which nobody is told there,")
            case _ if attribute in words.asks:
                return words.asks[attribute].format(place)
            case "name" | "daemon":
                return f"{place}.{attribute}"
            case _:
                return f"{place}.{attribute}" if attribute in _ATTRIBUTES else f"{place}.{attribute}()"

    def _untold(self, node: syntax.Query, why: str) -> str:
        self.refusals.refuse(f"`{show.expression(node)}`, {why}", node.span)
        return "0"

    def kind(self, ref: syntax.Ref) -> Kind | None:
        """What a ref names (elements of an array are of one kind)."""
        primitive = self.names.primitives.get(ref.name)
        return primitive.elements[0] if primitive is not None and primitive.elements else None


def inside(writer: Writer, scope: str, index: str) -> Writer:
    """The writer for another function."""
    return replace(writer, scope=scope, index=index)


def quoted(text: str) -> str:
    """A literal in the quotes that people use."""
    return '"' + repr("'" + text)[2:] if '"' not in text else repr(text)


def literal(value: object) -> str:
    """A value as people write it."""
    match value:
        case str():
            return quoted(value)
        case bool():
            return repr(value)
        case int() | float():
            return _signed(repr(value))
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
        case _:
            return repr(value)


def _name(text: str) -> syntax.Name:
    return syntax.Name(text)


def _signed(text: str) -> str:
    """A number below zero is no atom: `(-1) ** 2`. Infinity and what is no number have no literal."""
    plain = {"inf": "float('inf')", "-inf": "float('-inf')", "nan": "float('nan')"}.get(text, text)
    return f"({plain})" if plain.startswith("-") else plain
