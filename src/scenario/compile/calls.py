"""Calls in expressions: functions, methods of values, questions to primitives and futures."""

from __future__ import annotations

from dataclasses import replace

from scenario import syntax
from scenario.compile import codes, kinds
from scenario.compile.findings import did_you_mean
from scenario.compile.kinds import METHODS
from scenario.compile.objects import Objects
from scenario.compile.scope import FUNCTIONS, Scope, Thing
from scenario.language.verbs import VERBS
from scenario.program.places import MUTATING
from scenario.spec.functions import count_complaint
from scenario.syntax import Const, Expr


class Calls(Objects):
    """A closed list of what can be called."""

    def resolve_call(self, node: syntax.Call, scope: Scope) -> Expr:
        match node.function:
            case syntax.Name():
                return self._function(node, node.function, scope)
            case syntax.Attribute():
                return self._method(node, node.function, scope)
            case _:
                self.expr(node.function, scope)
                return self.bad(codes.FUNCTION, "only functions and methods can be called", node.span)

    def _function(self, node: syntax.Call, function: syntax.Name, scope: Scope) -> Expr:
        name = function.id
        if name in FUNCTIONS:
            args, keywords = self.exprs(node.args, scope), self._keywords(node, scope)
            starred = any(isinstance(arg, syntax.Starred) for arg in args)
            complaint = None if starred or name == "now" else count_complaint(name, len(args))
            if complaint is not None:
                return self.bad(codes.FUNCTION, complaint, node.span, None, "TypeError")
            return self._now(node, scope) if name == "now" else syntax.Builtin(name, args, keywords, span=node.span)
        thing = self.names.get(name)
        if thing is not None and thing.role in ("routine", "python"):
            hint: str | None = f"write a step `call: {name}` with `into`"
        elif name in VERBS:
            hint = f"write a step `{name}: …`"
        else:
            if self.names.doubts(name):
                return self.follows(node.span)
            near = did_you_mean(name, FUNCTIONS)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(FUNCTIONS))}"
        self.exprs(node.args, scope)
        return self.bad(codes.FUNCTION, f"an expression has no function `{name}`", function.span, hint, "NameError")

    def _now(self, node: syntax.Call, scope: Scope) -> Expr:
        if node.args or node.keywords:
            return self.bad(codes.FUNCTION, "`now()` takes no arguments", node.span, None, "TypeError")
        if scope.place == "constant":
            return self.bad(codes.FUNCTION, "there is no clock yet where params are computed", node.span)
        return syntax.Now(span=node.span)

    def _method(self, node: syntax.Call, function: syntax.Attribute, scope: Scope) -> Expr:
        of = self._object(function.value, scope)
        args, keywords = self.exprs(node.args, scope), self._keywords(node, scope)
        if of is not None:
            return self._asked(node, function, *of, scope)
        before = self.found.count
        value = self.owner(function.value, scope)
        if self.found.count > before:
            return Const(None, span=node.span)
        if function.name in METHODS:
            if function.name in MUTATING and args:
                self._given(value, function.name, args)
            return syntax.Method(value, function.name, args, keywords, span=node.span)
        if function.name in kinds.OF_FUTURES:
            return self._future(node, function, value, scope)
        return self._no_method(function)

    def _given(self, value: Expr, method: str, args: tuple[Expr, ...]) -> None:
        """A container is given values: they become its elements."""
        self.notes.values.extend([(self.notes.scope, arg) for arg in args])
        whole = method in ("extend", "update")
        for arg in args:
            target = value if whole else syntax.Subscript(value, Const(0))
            self.notes.given.append((self.notes.scope, target, arg))

    def _asked(
        self, node: syntax.Call, function: syntax.Attribute, thing: Thing, index: Expr | None, scope: Scope
    ) -> Expr:
        """`lock.locked()`: placed as the whole call."""
        asked = self._state(function, thing, index, scope, called=True)
        if not isinstance(asked, syntax.Query | syntax.FutureQuery):
            return asked
        if node.args or node.keywords:
            return self.bad(codes.STATE, f"`{function.name}()` takes no arguments here", node.span, None, "TypeError")
        if isinstance(asked, syntax.FutureQuery):
            return replace(asked, span=node.span)
        return syntax.Query(asked.ref, asked.attribute, span=node.span)

    def _future(self, node: syntax.Call, function: syntax.Attribute, value: Expr, scope: Scope) -> Expr:
        if node.args or node.keywords:
            return self.bad(codes.STATE, f"`{function.name}()` takes no arguments here: it never waits", node.span)
        if scope.place == "constant":
            return self.bad(codes.NOT_A_VALUE, "there are no futures where only params are known", node.span)
        return syntax.FutureQuery(value, function.name, span=node.span)

    def _no_method(self, function: syntax.Attribute) -> Expr:
        match function.name:
            case "result":
                hint: str | None = "write a step `{result: …, into: …}`"
            case "cancel":
                hint = "write a step `cancel: …`"
            case "format" | "format_map":
                hint = 'write a template, as in `print: "{x:>8}"`'
            case name:
                near = did_you_mean(name, [*METHODS, *kinds.OF_FUTURES])
                hint = f"did you mean `{near}`?" if near else None
        return self.bad(codes.METHOD, f"an expression has no method `{function.name}`", function.span, hint,
                         "AttributeError")  # fmt: skip

    def _keywords(self, node: syntax.Call, scope: Scope) -> tuple[tuple[str, Expr], ...]:
        return tuple([(name, self.expr(value, scope)) for name, value in node.keywords])
