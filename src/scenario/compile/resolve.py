"""Resolves names: the tree as written -> the tree that engines run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from scenario import syntax
from scenario.compile import codes, kinds
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.notes import Notes
from scenario.compile.scope import FUNCTIONS, OWN_LOCALS, UNKNOWN, UNKNOWN_SIZE, Names, Scope, Thing
from scenario.source import Span
from scenario.syntax import Const, Expr, Local, Ref, Shared

METHODS = frozenset(
    name for owner in (list, dict, set, str) for name in dir(owner) if not name.startswith("_")
) - {"format", "format_map"}
"""The methods of list, dict, set and str that neither format nor reach attributes."""
MUTATING = METHODS & frozenset(
    "append extend insert remove pop clear sort reverse add discard update popitem setdefault "
    "intersection_update difference_update symmetric_difference_update".split()
)

_ONLY_IN = {
    "value": ("a semaphore's `value`", {"await", "state", "final"}, "`await`, `always`, `reachable` and `final`"),
    "blocked": ("`blocked`", {"await", "state"}, "`await`, `always` and `reachable`"),
}


class Resolver:
    """Resolves expressions of one file for one set of params; reports what can not be resolved."""

    def __init__(self, names: Names, found: Findings, notes: Notes) -> None:
        self.names = names
        self.found = found
        self.notes = notes
        self.registers: dict[str, frozenset[str]] = {}
        """Thread key -> its locals, once its steps are known (claims come last)."""

    # --- entry points -----------------------------------------------------------------------------

    def expr(self, node: Expr, scope: Scope) -> Expr:
        """The resolved expression; a placeholder where something was reported."""
        return _RESOLVE[type(node)](self, node, scope)

    def optional(self, node: Expr | None, scope: Scope) -> Expr | None:
        """As `expr`; None stays None."""
        return None if node is None else self.expr(node, scope)

    def exprs(self, nodes: Iterable[Expr], scope: Scope) -> tuple[Expr, ...]:
        """As `expr`, for several."""
        return tuple([self.expr(node, scope) for node in nodes])

    def template(self, node: syntax.Template, scope: Scope) -> syntax.Template:
        """The template with its holes resolved."""
        parts = [
            part if isinstance(part, str)
            else syntax.Hole(self.expr(part.value, scope), part.conversion, part.format, span=part.span)
            for part in node.parts
        ]  # fmt: skip
        return syntax.Template(tuple(parts), span=node.span)

    # --- names ------------------------------------------------------------------------------------

    def _name(self, node: syntax.Name, scope: Scope) -> Expr:
        name = node.id
        if name in scope.private:
            return Local(name, span=node.span)
        thing = self.names.get(name)
        if thing is None:
            return Local(name, span=node.span) if name in scope.locals else self._unknown(node, scope)
        match thing.role:
            case "param" if thing.value is UNKNOWN:
                self.found.count += 1
                return Const(None, span=node.span)
            case "param":
                return Const(thing.value, span=node.span)
            case "var" if scope.place != "constant":
                return Shared(name, span=node.span)
            case "word" if name in OWN_LOCALS:
                return self._own(node, scope)
            case _:
                return self._no_value(node, thing)

    def _own(self, node: syntax.Name, scope: Scope) -> Expr:
        """`name`, `index` and `error`."""
        if node.id in scope.locals:
            return Local(node.id, span=node.span)
        if node.id == "error" and scope.place in ("step", "await"):
            message, hint = "`error` is not set here: no `except` in these steps", "`except` sets it to the text"
        elif scope.place == "constant":
            message, hint = f"`{node.id}` is not known here: only params are", None
        else:
            message, hint = f"`{node.id}` belongs to a thread: no claim can read it", "name the thread: `A.name`"
        return self._bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")

    def _unknown(self, node: syntax.Name, scope: Scope) -> Expr:
        if scope.place == "constant":
            known = [*self.names.named("param"), *scope.locals, *scope.private]
            message = f"`{node.id}` is no param"
        else:
            known = [*scope.private, *scope.locals, *self.names.named("var", "param"), *FUNCTIONS]
            message = f"nothing assigns `{node.id}`"
        near = did_you_mean(node.id, [*known, *self.names.named("primitive", "thread", "routine")])
        text = f"a text is written \"'{node.id}'\""
        hyphened = next((t for t in self.names.named("thread") if t.startswith(f"{node.id}-")), None)
        if hyphened:
            hint = f"an expression can not name thread `{hyphened}`: its name has a hyphen"
        else:
            hint = f"did you mean `{near}`? ({text})" if near else text
        return self._bad(codes.UNKNOWN_NAME, message, node.span, hint, "NameError")

    def _no_value(self, node: syntax.Name, thing: Thing) -> Expr:
        message = f"`{node.id}` is {thing.words()}, which is no value"
        match thing.role:
            case "var":
                return self._bad(codes.NOT_A_VALUE, f"`{node.id}` is a shared variable: here only params are known",
                                 node.span)  # fmt: skip
            case "primitive" | "thread":
                state = kinds.STATE.get(thing.kind, {})
                asked = [f"`{node.id}.{a}{'()' if call else ''}`" for a, call in state.items()]
                hint = f"an expression can ask {', '.join(asked)}" if asked else None
            case "routine" | "python":
                hint = f"write a step `call: {node.id}` with `into`"
            case "function":
                hint = f"a function is called: `{node.id}(…)`"
            case _:
                hint = None
        return self._bad(codes.NOT_A_VALUE, message, node.span, hint)

    def _bad(self, code: str, message: str, span: Span, hint: str | None = None, python: str | None = None) -> Expr:
        self.found.add(code, message, span, hint, python)
        return Const(None, span=span)

    # --- primitives and threads in expressions --------------------------------------------------------

    def _object(self, node: Expr, scope: Scope) -> tuple[Thing, Expr | None] | None:
        """The primitive or thread that `lock` or `forks[i]` names, and the index as written."""
        index: Expr | None = None
        if isinstance(node, syntax.Subscript):
            if isinstance(node.index, syntax.Slice):
                return None
            index, node = node.index, node.value
        if not isinstance(node, syntax.Name) or node.id in scope.private:
            return None
        thing = self.names.get(node.id)
        if thing is None or not (thing.role in ("primitive", "thread") or thing.name == "main"):
            return None
        return thing, index

    def _attribute(self, node: syntax.Attribute, scope: Scope) -> Expr:
        of = self._object(node.value, scope)
        if of is not None:
            return self._state(node, *of, scope, called=False)
        self.expr(node.value, scope)
        hint = f"a future is asked by a call: `{node.name}()`" if node.name in kinds.OF_FUTURES else None
        if node.name in METHODS:
            hint = f"a method is called: `.{node.name}()`"
        return self._bad(codes.ATTRIBUTE, f"a value has no attribute `{node.name}` here", node.span, hint,
                         "AttributeError")  # fmt: skip

    def _state(self, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool) -> Expr:
        if scope.place == "constant":
            return self._bad(codes.NOT_A_VALUE, f"`{thing.name}` can not be asked here: only params are known", node.span)
        if thing.kind == "local":
            ref = self.element(thing, index, node.value.span, scope)
            return self._field(node, ref, scope, called=called)
        if node.name not in kinds.STATE.get(thing.kind, {}):
            return self._no_state(node, thing, index, scope, called=called)
        return self._query(node, thing, index, scope, called=called)

    def _field(self, node: syntax.Attribute, ref: Ref, scope: Scope, *, called: bool) -> Expr:
        if scope.place in ("state", "final"):
            return self._bad(codes.NOT_A_VALUE, f"`{ref.name}.{node.name}` belongs to a thread: no claim can read it",
                             node.span)  # fmt: skip
        if called:
            return self._bad(codes.ATTRIBUTE, f"`{ref.name}.{node.name}` is a value, no function", node.span, None,
                             "TypeError")  # fmt: skip
        return syntax.TlsField(ref, node.name, span=node.span)

    def _query(self, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool) -> Expr:
        of_group = node.name in kinds.OF_GROUPS
        ref = self.element(thing, index, node.value.span, scope, whole=of_group)
        by_call = kinds.STATE[thing.kind][node.name]
        if by_call != called:
            right = f"{thing.name}.{node.name}{'()' if by_call else ''}"
            return self._bad(codes.STATE, f"`{node.name}` is {'asked by a call' if by_call else 'no function'}",
                             node.span, f"write `{right}`")  # fmt: skip
        only = _ONLY_IN.get(node.name)
        if only and scope.place not in only[1]:
            return self._bad(codes.STATE, f"{only[0]} can not be read here", node.span, f"it may stand in {only[2]}")
        if node.name == "is_shutdown":
            self.notes.since_3_13 = True
        return syntax.Query(ref, node.name, span=node.span)

    def _no_state(self, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool) -> Expr:
        if thing.role == "thread" or thing.name == "main":
            return self._register(node, thing, index, scope, called=called)
        if node.name in kinds.STEP_FOR_METHOD:
            return self._bad(codes.METHOD_OF_PRIMITIVE, f"`{thing.name}.{node.name}` is no expression: it is a step",
                             node.span, step_for(node.name, thing), "AttributeError")  # fmt: skip
        state = kinds.STATE[thing.kind]
        asked = [f"`{name}{'()' if call else ''}`" for name, call in state.items()]
        near = did_you_mean(node.name, state)
        has = f"it has {', '.join(asked)}" if asked else f"{kinds.article(thing.kind)} has nothing that an expression reads"
        return self._bad(codes.STATE, f"{kinds.article(thing.kind)} has no `{node.name}`", node.span,
                         f"did you mean `{near}`?" if near else has, "AttributeError")  # fmt: skip

    def _register(self, node: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope, *, called: bool) -> Expr:
        if node.name in kinds.STEP_FOR_METHOD and called:
            return self._bad(codes.METHOD_OF_PRIMITIVE, f"`{thing.name}.{node.name}` is no expression: it is a step",
                             node.span, step_for(node.name, thing), "AttributeError")  # fmt: skip
        if called:
            return self._bad(codes.STATE, f"a thread has no `{node.name}()`", node.span, None, "AttributeError")
        if scope.place != "final":
            return self._bad(
                codes.REGISTER, f"`{thing.name}.{node.name}` can not be read here", node.span,
                "a thread's locals are read in `final`, `sometimes`, `observe` and `when`; "
                "use a shared variable elsewhere", "AttributeError",
            )  # fmt: skip
        ref = self.element(thing, index, node.value.span, scope)
        known = self.registers.get(thing.name, frozenset())
        if node.name not in known:
            near = did_you_mean(node.name, [*known, *kinds.STATE["thread"]])
            return self._bad(codes.REGISTER, f"`{thing.name}` never assigns `{node.name}`", node.span,
                             f"did you mean `{near}`?" if near else None)  # fmt: skip
        return syntax.Register(ref, node.name, span=node.span)

    def element(
        self, thing: Thing, index: Expr | None, span: Span, scope: Scope, *, whole: bool = False
    ) -> Ref:
        """A ref to one element (or, if `whole`, to all of them): its index fits the array or group."""
        if index is None:
            if thing.size is not None and not whole:
                self.found.add(codes.ELEMENT, f"`{thing.name}` is {thing.words()}: say which element", span,
                               f"write `{thing.name}[0]`")  # fmt: skip
            return Ref(thing.name, span=span)
        if thing.size is None:
            self.found.add(codes.ELEMENT, f"`{thing.name}` is {thing.words()}: it has no elements", span,
                           f"write `{thing.name}`", "TypeError")  # fmt: skip
            return Ref(thing.name, span=span)
        resolved = self.expr(index, scope)
        if isinstance(resolved, Const):
            resolved = self._in_range(thing, resolved, thing.size)
        return Ref(thing.name, resolved, span=span)

    def _in_range(self, thing: Thing, index: Const, size: int) -> Const:
        """A constant index, counted from 0: `forks[-1]` of five is `forks[4]`."""
        if not isinstance(index.value, int):
            self.found.add(codes.ELEMENT, f"an index of `{thing.name}` is an integer", index.span, None, "TypeError")
        elif size == UNKNOWN_SIZE:
            pass
        elif not -size <= index.value < size:
            has = f"`{thing.name}[0]` to `{thing.name}[{size - 1}]`" if size else "no elements"
            self.found.add(codes.ELEMENT, f"`{thing.name}[{index.value}]` is out of range: there are {has}", index.span,
                           None, "IndexError")  # fmt: skip
        else:
            return Const(index.value % size, span=index.span)
        return Const(0, span=index.span)

    # --- calls ----------------------------------------------------------------------------------------

    def _call(self, node: syntax.Call, scope: Scope) -> Expr:
        match node.function:
            case syntax.Name():
                return self._function(node, node.function, scope)
            case syntax.Attribute():
                return self._method(node, node.function, scope)
            case _:
                self.expr(node.function, scope)
                return self._bad(codes.FUNCTION, "only functions and methods can be called", node.span)

    def _function(self, node: syntax.Call, function: syntax.Name, scope: Scope) -> Expr:
        name = function.id
        if name in FUNCTIONS:
            args, keywords = self.exprs(node.args, scope), self._keywords(node, scope)
            return self._now(node, scope) if name == "now" else syntax.Builtin(name, args, keywords, span=node.span)
        thing = self.names.get(name)
        if thing is not None and thing.role in ("routine", "python"):
            hint: str | None = f"write a step `call: {name}` with `into`"
        else:
            near = did_you_mean(name, FUNCTIONS)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(FUNCTIONS))}"
        self.exprs(node.args, scope)
        return self._bad(codes.FUNCTION, f"an expression has no function `{name}`", function.span, hint, "NameError")

    def _now(self, node: syntax.Call, scope: Scope) -> Expr:
        if node.args or node.keywords:
            return self._bad(codes.FUNCTION, "`now()` takes no arguments", node.span, None, "TypeError")
        if scope.place == "constant":
            return self._bad(codes.FUNCTION, "there is no clock yet where params are computed", node.span)
        return syntax.Now(span=node.span)

    def _method(self, node: syntax.Call, function: syntax.Attribute, scope: Scope) -> Expr:
        of = self._object(function.value, scope)
        args, keywords = self.exprs(node.args, scope), self._keywords(node, scope)
        if of is not None:
            return self._asked(node, function, *of, scope)
        value = self.expr(function.value, scope)
        if function.name in METHODS:
            if function.name in MUTATING and args:
                self._given(value, function.name, args)
            return syntax.Method(value, function.name, args, keywords, span=node.span)
        if function.name in kinds.OF_FUTURES:
            return self._future(node, function, value, scope)
        return self._no_method(function)

    def _given(self, value: Expr, method: str, args: tuple[Expr, ...]) -> None:
        """A container is given values: they become its elements."""
        self.notes.values.extend(args)
        whole = method in ("extend", "update")
        for arg in args:
            target = value if whole else syntax.Subscript(value, Const(0))
            self.notes.given.append((target, arg))

    def _asked(self, node: syntax.Call, function: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope) -> Expr:
        """`lock.locked()`: placed as the whole call."""
        asked = self._state(function, thing, index, scope, called=True)
        if not isinstance(asked, syntax.Query):
            return asked
        if node.args or node.keywords:
            return self._bad(codes.STATE, f"`{function.name}()` takes no arguments here", node.span, None, "TypeError")
        return syntax.Query(asked.ref, asked.attribute, span=node.span)

    def _future(self, node: syntax.Call, function: syntax.Attribute, value: Expr, scope: Scope) -> Expr:
        if node.args or node.keywords:
            return self._bad(codes.STATE, f"`{function.name}()` takes no arguments here: it never waits", node.span)
        if scope.place == "constant":
            return self._bad(codes.NOT_A_VALUE, "there are no futures where only params are known", node.span)
        return syntax.FutureQuery(value, function.name, span=node.span)

    def _no_method(self, function: syntax.Attribute) -> Expr:
        match function.name:
            case "result":
                hint: str | None = "write a step `{result: …, into: …}`"
            case "cancel":
                hint = "write a step `cancel: …`"
            case "format" | "format_map":
                hint = "write a template, as in `print: \"{x:>8}\"`"
            case name:
                near = did_you_mean(name, [*METHODS, *kinds.OF_FUTURES])
                hint = f"did you mean `{near}`?" if near else None
        return self._bad(codes.METHOD, f"an expression has no method `{function.name}`", function.span, hint,
                         "AttributeError")  # fmt: skip

    def _keywords(self, node: syntax.Call, scope: Scope) -> tuple[tuple[str, Expr], ...]:
        return tuple([(name, self.expr(value, scope)) for name, value in node.keywords])

    # --- everything else keeps its shape ---------------------------------------------------------------

    def _comprehension(self, node: syntax.Comprehension, scope: Scope) -> Expr:
        clauses = []
        for clause in node.clauses:
            iterable = self.expr(clause.iterable, scope)
            self.notes.loops.append(iterable)
            self._private_target(clause.target)
            scope = scope.with_private(target_ids(clause.target))
            target = self.expr(clause.target, scope)
            conditions = self.exprs(clause.conditions, scope)
            clauses.append(syntax.Clause(target, iterable, conditions, span=clause.span))
        key = self.optional(node.key, scope)
        return syntax.Comprehension(node.kind, self.expr(node.element, scope), tuple(clauses), key, span=node.span)

    def _private_target(self, target: Expr) -> None:
        """A comprehension binds names of its own."""
        for part in target_parts(target):
            if not isinstance(part, syntax.Name):
                self.found.add(codes.NOT_ASSIGNABLE, "a comprehension assigns to names of its own only", part.span)
        for name in target_names(target):
            thing = self.names.get(name.id)
            if thing is not None:
                self.found.add(codes.SHADOWING, f"`{name.id}` is {thing.words()} already: there is no shadowing",
                               name.span, "choose another name")  # fmt: skip

    def _unary(self, node: syntax.Unary, scope: Scope) -> Expr:
        return syntax.Unary(node.operator, self.expr(node.operand, scope), span=node.span)

    def _binary(self, node: syntax.Binary, scope: Scope) -> Expr:
        left, right = self.expr(node.left, scope), self.expr(node.right, scope)
        return syntax.Binary(node.operator, left, right, span=node.span)

    def _boolean(self, node: syntax.Boolean, scope: Scope) -> Expr:
        return syntax.Boolean(node.operator, self.exprs(node.operands, scope), span=node.span)

    def _compare(self, node: syntax.Compare, scope: Scope) -> Expr:
        left, comparands = self.expr(node.left, scope), self.exprs(node.comparands, scope)
        return syntax.Compare(left, node.operators, comparands, span=node.span)

    def _conditional(self, node: syntax.Conditional, scope: Scope) -> Expr:
        test, body, orelse = self.exprs((node.test, node.body, node.orelse), scope)
        return syntax.Conditional(test, body, orelse, span=node.span)

    def _subscript(self, node: syntax.Subscript, scope: Scope) -> Expr:
        if isinstance(node.index, syntax.Slice):
            index: Expr | syntax.Slice = self._slice(node.index, scope)
        else:
            index = self.expr(node.index, scope)
        return syntax.Subscript(self.expr(node.value, scope), index, span=node.span)

    def _slice(self, node: syntax.Slice, scope: Scope) -> syntax.Slice:
        lower, upper = self.optional(node.lower, scope), self.optional(node.upper, scope)
        return syntax.Slice(lower, upper, self.optional(node.step, scope), span=node.span)

    def _starred(self, node: syntax.Starred, scope: Scope) -> Expr:
        return syntax.Starred(self.expr(node.value, scope), span=node.span)

    def _list(self, node: syntax.ListDisplay, scope: Scope) -> Expr:
        return syntax.ListDisplay(self.exprs(node.items, scope), span=node.span)

    def _tuple(self, node: syntax.TupleDisplay, scope: Scope) -> Expr:
        return syntax.TupleDisplay(self.exprs(node.items, scope), span=node.span)

    def _set(self, node: syntax.SetDisplay, scope: Scope) -> Expr:
        return syntax.SetDisplay(self.exprs(node.items, scope), span=node.span)

    def _dict(self, node: syntax.DictDisplay, scope: Scope) -> Expr:
        keys = tuple([self.optional(key, scope) for key in node.keys])
        return syntax.DictDisplay(keys, self.exprs(node.values, scope), span=node.span)

    def _const(self, node: Const, scope: Scope) -> Expr:
        """A list of the file is itself; a list of known names was meant as an expression."""
        if isinstance(node.value, list) and scope.place != "constant":
            texts = [item for item in flat(node.value) if isinstance(item, str)]
            if texts and all(self._is_readable(text, scope) for text in texts):
                written = _bare(node.value)
                return self._bad(codes.LIST_OF_NAMES, f"this list holds texts, not what `{texts[0]}` stands for",
                                 node.span, f'quote it: "{written}" ("{node.value}" for texts)')  # fmt: skip
        return node

    def _is_readable(self, text: str, scope: Scope) -> bool:
        thing = self.names.get(text)
        if thing is None:
            return text in scope.locals
        return thing.role in ("var", "param") or text in ("name", "index")


def step_for(method: str, thing: Thing) -> str:
    """The step to write instead of calling a method of a primitive or thread."""
    step = kinds.STEP_FOR_METHOD[method].format(ref=thing.name)
    return f"write a step `{step}`"


def flat(items: list[Any]) -> list[Any]:
    """The items of a list and of the lists in it."""
    return [leaf for item in items for leaf in (flat(item) if isinstance(item, list) else (item,))]


def _bare(value: object) -> str:
    """A list of names as an expression."""
    return f"[{', '.join(map(_bare, value))}]" if isinstance(value, list) else str(value)


def target_parts(target: Expr) -> list[Expr]:
    """The single targets of an unpacking."""
    match target:
        case syntax.TupleDisplay(items) | syntax.ListDisplay(items):
            return [part for item in items for part in target_parts(item)]
        case syntax.Starred(value):
            return target_parts(value)
        case _:
            return [target]


def target_names(target: Expr) -> list[syntax.Name]:
    """The names that an assignment target binds, as written."""
    return [part for part in target_parts(target) if isinstance(part, syntax.Name)]


def target_ids(target: Expr) -> list[str]:
    """As `target_names`, as text."""
    return [name.id for name in target_names(target)]


_RESOLVE: dict[type[Any], Callable[[Resolver, Any, Scope], Expr]] = {
    syntax.Const: Resolver._const,
    syntax.Name: Resolver._name,
    syntax.Attribute: Resolver._attribute,
    syntax.Call: Resolver._call,
    syntax.Unary: Resolver._unary,
    syntax.Binary: Resolver._binary,
    syntax.Boolean: Resolver._boolean,
    syntax.Compare: Resolver._compare,
    syntax.Conditional: Resolver._conditional,
    syntax.Subscript: Resolver._subscript,
    syntax.Starred: Resolver._starred,
    syntax.ListDisplay: Resolver._list,
    syntax.TupleDisplay: Resolver._tuple,
    syntax.SetDisplay: Resolver._set,
    syntax.DictDisplay: Resolver._dict,
    syntax.Comprehension: Resolver._comprehension,
}
"""The unresolved classes alone: a resolved one never comes in."""
