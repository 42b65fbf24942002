"""Every name of a file: where it is declared, and every place where it stands."""

from __future__ import annotations

from dataclasses import field

from scenario import syntax
from scenario.compile.names.scope import FUNCTIONS, OWN_LOCALS
from scenario.editor.text import Lines
from scenario.language.primitives import ASKS, THREAD
from scenario.record import field_names, mutable, record
from scenario.source import Span
from scenario.spec.readers.fields import reader_of
from scenario.spec.readers.model import Model
from scenario.spec.recovery import is_unknown
from scenario.spec.scenario import Routine, Scenario, Thread
from scenario.spec.yaml.values import Mapping, Sequence
from scenario.syntax import Node

TABLES = ("params", "vars", "primitives", "routines", "threads", "python")
"""The keys of a file that declare names, all in one namespace."""


@record
class Symbol:
    """`scope`: the thread or routine whose local it is (`main` for the main thread's); empty for a name of the whole file."""

    name: str
    scope: str = ""


@record
class Use:
    symbol: Symbol
    span: Span
    declares: bool = False


@mutable
class Symbols:
    """All uses, in the order of the file. `unsure`: names that stand somewhere where their place could not be made out."""

    model: Scenario
    lines: Lines
    uses: list[Use] = field(default_factory=list)
    unsure: set[Symbol] = field(default_factory=set)
    declared: frozenset[str] = frozenset()

    def find(self) -> None:
        """Looks at the whole file."""
        model = self.model
        self.declared = frozenset(name for table in TABLES for name in getattr(model, table) if not is_unknown(name))
        for table in TABLES:
            for name in getattr(model, table):
                self._note(Symbol(name), model.entry(table, name), declares=True)
        for number, case in enumerate(model.cases or ()):
            for name in case:
                self._note(Symbol(name), model.item_entry("cases", number, name))
        if isinstance(model.explore, Model):
            for name in model.explore.params:
                self._note(Symbol(name), model.explore.entry("params", name))
        self._model(model, "")
        self.uses.sort(key=lambda use: (use.span, not use.declares))

    # --- walking ---------------------------------------------------------------------------------

    def _model(self, model: Model, scope: str) -> None:
        for name, info in type(model).__pydantic_fields__.items():
            key = info.alias or name
            if key not in model.document and name not in ("steps", "main"):
                continue
            value, kind = getattr(model, name), reader_of(info).kind
            if kind in ("name", "thread_name") and key != "class" and isinstance(value, str):
                self._note(Symbol(value), model.at(key))
            elif kind == "names" and key == "for_all" and isinstance(value, tuple):
                for number, param in enumerate(value):
                    self._note(Symbol(param), model.item_at(key, number))
            elif kind in ("args", "named_args") and isinstance(value, dict):
                self._arguments(model, key, value, scope)
            else:
                self._value(value, "main" if isinstance(model, Scenario) and key == "main" else scope)

    def _value(self, value: object, scope: str) -> None:
        match value:
            case Routine() | Thread():
                self._body(value, scope)
            case Model():
                self._model(value, scope)
            case Node():
                self._tree(value, scope)
            case tuple() | list():
                for item in value:
                    self._value(item, scope)
            case dict():
                for name, item in value.items():
                    self._value(item, name if isinstance(item, Routine | Thread) else scope)
            case _ if hasattr(type(value), "__dataclass_fields__") and not isinstance(value, Span):
                for name in field_names(type(value)):
                    self._value(getattr(value, name), scope)

    def _body(self, body: Routine | Thread, scope: str) -> None:
        if isinstance(body, Routine):
            written = body.document.get("params")
            for item in written if isinstance(written, Sequence) else ():
                self._note(Symbol(str(item), scope), item.span, declares=True)
        self._model(body, scope)

    def _arguments(self, model: Model, key: str, given: dict[str, syntax.Expr], scope: str) -> None:
        """Arguments by name: the names are the routine's parameters."""
        routine = getattr(model, "routine", None) or getattr(model, "run", None)
        table = model.document.get(key)
        for name, value in given.items():
            if isinstance(table, Mapping) and routine in self.model.routines:
                self._note(Symbol(name, str(routine)), model.entry(key, name))
            self._value(value, scope)

    def _tree(self, node: Node, scope: str) -> None:
        match node:
            case syntax.Name(name):
                self._name(name, node.span, scope)
            case syntax.Ref(name, index):
                if name in self.declared:
                    self._note(Symbol(name), node.span)
                if index is not None:
                    self._tree(index, scope)
            case syntax.Attribute(value, name):
                self._tree(value, scope)
                owner = value.value if isinstance(value, syntax.Subscript) else value
                if isinstance(owner, syntax.Name) and self._is_body(owner.id) and name not in ASKS[THREAD]:
                    span = node.span
                    at = Span(span.end_line, span.end_column - len(name), span.end_line, span.end_column)
                    self._note(Symbol(name, owner.id), at)
            case _:
                for name in field_names(type(node)):
                    if name != "span":
                        self._value(getattr(node, name), scope)

    def _is_body(self, name: str) -> bool:
        return name in self.model.threads or name == "main"

    def _name(self, name: str, span: Span, scope: str) -> None:
        if name in self.declared:
            self._note(Symbol(name), span)
        elif scope and name not in OWN_LOCALS and name not in FUNCTIONS:
            self._note(Symbol(name, scope), span)

    def _note(self, symbol: Symbol, span: Span, *, declares: bool = False) -> None:
        """The name itself, within what stands there (a ref with its index, a text with its quotes)."""
        if is_unknown(symbol.name) or not (symbol.scope or symbol.name in self.declared):
            return
        exact = span if self.lines.at(span) == symbol.name else self._within(span, symbol.name)
        if exact is None:
            self.unsure.add(symbol)
        else:
            self.uses.append(Use(symbol, exact, declares))

    def _within(self, span: Span, name: str) -> Span | None:
        text = self.lines.at(span)
        start = next((n for n, letter in enumerate(text[:2]) if letter not in "'\""), 0)
        if text[start:].startswith(name) and not text[start + len(name) : start + len(name) + 1].isidentifier():
            return Span(span.line, span.column + start, span.line, span.column + start + len(name))
        return self.lines.word_in(span, name)


def symbols(model: Scenario, lines: Lines) -> Symbols:
    """All names of a file that was understood, as far as it was."""
    found = Symbols(model, lines)
    found.find()
    return found
