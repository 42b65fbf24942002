"""Trees and steps as the text that a user would write: for reports, schedules and `scenario show`."""

from __future__ import annotations

from dataclasses import fields


from scenario.program import ops
from scenario.syntax import (
    Assign,
    Attribute,
    AugmentedAssign,
    Binary,
    Boolean,
    Break,
    Builtin,
    Call,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Continue,
    Delete,
    DictDisplay,
    Evaluate,
    Expr,
    FutureQuery,
    Hole,
    ListDisplay,
    Local,
    Method,
    Name,
    Node,
    Now,
    Pass,
    Query,
    Ref,
    Register,
    Reraise,
    Return,
    SetDisplay,
    Shared,
    Slice,
    Starred,
    Subscript,
    Template,
    TlsField,
    TupleDisplay,
    Unary,
)

CALLED_QUERIES = frozenset({"locked", "is_set", "qsize", "empty", "full", "is_alive"})


def ref_text(ref: Ref) -> str:
    """`lock`, `forks[index]`."""
    return ref.name if ref.index is None else f"{ref.name}[{expression(ref.index)}]"


def expression(expr: Node) -> str:  # noqa: C901, PLR0911, PLR0912 (one arm a class: the total dispatch)
    """An expression, without the parentheses of its outermost operator."""
    match expr:
        case Const(value):
            return repr(value)
        case Name(name) | Local(name) | Shared(name):
            return name
        case TlsField(tls, field):
            return f"{ref_text(tls)}.{field}"
        case Register(thread, local):
            return f"{ref_text(thread)}.{local}"
        case Now():
            return "now()"
        case Query(ref, attribute):
            return f"{ref_text(ref)}.{attribute}" + ("()" if attribute in CALLED_QUERIES else "")
        case FutureQuery(future, attribute):
            return f"{_operand(future)}.{attribute}()"
        case Unary(operator, operand):
            return f"{operator}{' ' if operator == 'not' else ''}{_operand(operand)}"
        case Binary(operator, left, right):
            return f"{_operand(left)} {operator} {_operand(right)}"
        case Boolean(operator, operands):
            return f" {operator} ".join(map(_operand, operands))
        case Compare(left, operators, comparands):
            rest = "".join(f" {o} {_operand(c)}" for o, c in zip(operators, comparands, strict=True))
            return _operand(left) + rest
        case Conditional(test, body, orelse):
            return f"{_operand(body)} if {_operand(test)} else {_operand(orelse)}"
        case Subscript(value, index):
            return f"{_operand(value)}[{expression(index)}]"
        case Slice(lower, upper, step):
            ends = ":".join("" if part is None else expression(part) for part in (lower, upper))
            return ends if step is None else f"{ends}:{expression(step)}"
        case Starred(value):
            return f"*{_operand(value)}"
        case ListDisplay(items):
            return f"[{_listed(items)}]"
        case TupleDisplay(items):
            return f"({_listed(items)}{',' if len(items) == 1 else ''})"
        case SetDisplay(items):
            return f"{{{_listed(items)}}}"
        case DictDisplay(keys, values):
            pairs = zip(keys, values, strict=True)
            return (
                "{"
                + ", ".join(f"**{_operand(v)}" if k is None else f"{expression(k)}: {expression(v)}" for k, v in pairs)
                + "}"
            )
        case Comprehension():
            return _comprehension(expr)
        case Attribute(value, name):
            return f"{_operand(value)}.{name}"
        case Call(function, args, keywords):
            return f"{_operand(function)}({_arguments(args, keywords)})"
        case Builtin(name, args, keywords):
            return f"{name}({_arguments(args, keywords)})"
        case Method(value, name, args, keywords):
            return f"{_operand(value)}.{name}({_arguments(args, keywords)})"
        case _:
            raise TypeError(f"no expression: {expr!r}")


def _operand(expr: Node) -> str:
    text = expression(expr)
    compound = isinstance(expr, Unary | Binary | Boolean | Compare | Conditional)
    return f"({text})" if compound else text


def _listed(items: tuple[Expr, ...]) -> str:
    return ", ".join(map(expression, items))


def _arguments(args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...]) -> str:
    return ", ".join([*map(expression, args), *(f"{name}={expression(value)}" for name, value in keywords)])


def _comprehension(expr: Comprehension) -> str:
    element = expression(expr.element)
    if expr.key is not None:
        element = f"{expression(expr.key)}: {element}"
    text = " ".join([element, *map(_clause, expr.clauses)])
    opening, closing = {"list": "[]", "set": "{}", "dict": "{}", "generator": ("", "")}[expr.kind]
    return f"{opening}{text}{closing}"


def _clause(clause: Clause) -> str:
    conditions = "".join(f" if {expression(condition)}" for condition in clause.conditions)
    return f"for {expression(clause.target)} in {_operand(clause.iterable)}{conditions}"


def template_text(text: Template) -> str:
    """A template as written, braces doubled."""
    return "".join(
        _hole(part) if isinstance(part, Hole) else part.replace("{", "{{").replace("}", "}}") for part in text.parts
    )


def _hole(hole: Hole) -> str:
    conversion = f"!{hole.conversion}" if hole.conversion else ""
    form = f":{hole.format}" if hole.format else ""
    return f"{{{expression(hole.value)}{conversion}{form}}}"


VERBS: dict[type[Node], str] = {
    ops.Print: "print", ops.Mark: "mark", ops.Sleep: "sleep", ops.Acquire: "acquire", ops.Release: "release",
    ops.With: "with", ops.WaitCondition: "wait", ops.WaitFor: "wait_for", ops.Notify: "notify",
    ops.NotifyAll: "notify_all", ops.WaitEvent: "wait", ops.SetEvent: "set", ops.ClearEvent: "clear",
    ops.WaitBarrier: "wait", ops.AbortBarrier: "abort", ops.ResetBarrier: "reset", ops.Put: "put", ops.Get: "get",
    ops.TaskDone: "task_done", ops.JoinQueue: "join", ops.ShutdownQueue: "shutdown", ops.Start: "start",
    ops.Join: "join", ops.CancelTimer: "cancel", ops.Submit: "submit", ops.Map: "map", ops.Result: "result",
    ops.CancelFuture: "cancel", ops.WaitFutures: "wait_futures", ops.AsCompleted: "as_completed",
    ops.ShutdownPool: "shutdown", ops.CallRoutine: "call", ops.CallPython: "call", ops.If: "if", ops.While: "while",
    ops.Repeat: "repeat", ops.For: "for", ops.Try: "try", ops.Raise: "raise", ops.Assert: "assert",
    ops.Expect: "raises", ops.Choose: "choose", ops.Await: "await", ops.Atomic: "atomic",
}  # fmt: skip
"""The verb of each op that is no statement."""

_SUBJECTS = (
    "ref",
    "text",
    "seconds",
    "routine",
    "function",
    "future",
    "futures",
    "test",
    "times",
    "exception",
    "target",
)
_HIDDEN = frozenset({"span", "body", "handlers", "orelse", "finalbody", "branches", "keywords"})


def step(op: ops.Op) -> str:
    """A step on one line: a statement, or its verb, what it is about and its modifiers."""
    match op:
        case Assign(targets, value):
            return " = ".join(map(expression, (*targets, value)))
        case AugmentedAssign(target, operator, value):
            return f"{expression(target)} {operator}= {expression(value)}"
        case Delete(targets):
            return f"del {_listed(targets)}"
        case Evaluate(value):
            return expression(value)
        case Return(value):
            return "return" if value is None else f"return {expression(value)}"
        case Break() | Continue() | Pass():
            return type(op).__name__.lower()
        case Reraise():
            return "raise"
        case ops.Expect(exception, body):
            return f"{step(body)} (raises {exception})"
        case ops.If(branches):
            return f"if {expression(branches[0][0])}"
        case _:
            return _verb(op)


def _verb(op: ops.Op) -> str:
    subject = next((name for name in _SUBJECTS if hasattr(op, name)), "")
    words = [VERBS[type(op)]]
    if subject:
        words.append(_shown(getattr(op, subject)))
    modifiers = [
        f"{f.name} {_shown(getattr(op, f.name))}"
        for f in fields(op)
        if f.name not in _HIDDEN and f.name != subject and getattr(op, f.name) not in (None, ())
    ]
    text = " ".join(word for word in words if word)
    return f"{text} ({', '.join(modifiers)})" if modifiers else text


def _shown(value: object) -> str:
    match value:
        case Ref():
            return ref_text(value)
        case Template():
            return template_text(value)
        case Node():
            return expression(value)
        case tuple():
            return "[" + ", ".join(_shown(item) for item in value) + "]"
        case _:
            return str(value)
