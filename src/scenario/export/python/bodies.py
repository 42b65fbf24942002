"""The steps of a thread or routine as Python's own statements."""

from __future__ import annotations

from scenario.export.python.calls import call
from scenario.export.python.function import Body
from scenario.export.python.processes.passing import given_to_routine
from scenario.export.python.tasks import steps as tasks
from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.program.targets import bound
from scenario.program.walk import walk_all
from scenario.record import field_names
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Break,
    Continue,
    Delete,
    Evaluate,
    Expr,
    Local,
    Pass,
    Reraise,
    Return,
    Shared,
    Statement,
    Subscript,
    TupleDisplay,
)


def block(c: Body, steps: Block) -> None:
    """The steps one after the other."""
    for op in steps:
        step(c, op)


def step(c: Body, op: Op) -> None:
    """One step: the rest of it where it is a call of an object, a pool's or a future's."""
    out, writer = c.out, c.writer
    if c.names.words.one == "task" and tasks.step(c, op, block):
        return
    match op:
        case ops.Print(text):
            out.line(_print(c, writer.text(text)))
        case ops.Mark(text):
            out.line(f"# mark: {writer.text(text)}")
        case ops.Sleep(seconds):
            out.line(f"{c.names.module('time.sleep')}({writer.argument(seconds)})")
        case ops.Compute(seconds):
            out.line(f"{c.names.helper('compute')}({writer.argument(seconds)})")
        case ops.Raise(exception, message):
            said = "" if message is None else writer.text(message)
            out.line(f"raise {c.names.exception(exception)}({said})")
        case ops.Assert(test, message):
            said = "" if message is None else f", {writer.text(message)}"
            out.line(f"assert {writer.argument(test)}{said}")
        case ops.Choose(target, values):
            c.store(target, f"{c.names.module('random.choice')}({writer.argument(values)})")
        case ops.If() | ops.While() | ops.Repeat() | ops.For() | ops.With() | ops.Try() | ops.Expect():
            _compound(c, op)
        case ops.Await(test, timeout):
            _await(c, test, timeout, op)
        case ops.Atomic(body):
            with out.block(f"with {c.names.helper('atomic')}:"):
                block(c, body)
        case ops.CallRoutine(routine, args, into):
            given = [*map(c.given, args), *([writer.index] if routine in c.names.of_index else [])]
            source = f"{c.names.identifier(routine)}({', '.join([*given, *given_to_routine(c.names, routine)])})"
            c.store(into, f"await {source}" if routine in c.names.coroutines else source)
        case ops.CallPython(function, into=into):
            c.store(into, f"{c.names.identifier(function)}({', '.join(c.given_to(op))})")
        case ops.Operation():
            _operation(c, op)
        case _ if isinstance(op, Statement):
            _statement(c, op)
        case _:
            call(c, op, block)


def _print(c: Body, line: str) -> str:
    """What prints a line in one piece, and at once where others print by a file of their own."""
    if c.names.words.one == "process":
        return f"print({line}, flush=True)"
    if not c.whole:
        return f"print({line})"
    plain = line.endswith('"') and line.startswith(('"', 'f"'))
    return f'print({line[:-1]}\\n", end="")' if plain else f'print({line} + "\\n", end="")'


def _operation(c: Body, op: ops.Operation) -> None:
    """The verb is the method's name, and its fields are the parameters'."""
    place, verb = c.writer.place(op.ref), op.verb
    arguments = []
    for name in field_names(type(op)):
        value = getattr(op, name)
        if name in ("span", "ref", "into") or value is None:
            continue
        if name == "until":
            arguments.append(f"lambda: {c.writer.write(value)}")
        elif name == "item":
            arguments.append(c.given(value))
        else:
            arguments.append(f"{c.names.words.arguments.get(name, name)}={c.writer.argument(value)}")
    c.store(getattr(op, "into", None), f"{place}.{verb}({', '.join(arguments)})")


def _await(c: Body, test: Expr, timeout: Expr | None, op: Op) -> None:
    """What a program can do about a variable: look again and again."""
    if timeout is not None:
        c.refuse("an `await` with a timeout", op)
    with c.out.block(f"while not ({c.writer.write(test)}):"):
        c.out.line(f"{c.names.module('time.sleep')}(0.001)")


def _compound(c: Body, op: ops.If | ops.While | ops.Repeat | ops.For | ops.With | ops.Try | ops.Expect) -> None:
    out, writer = c.out, c.writer
    match op:
        case ops.If(branches, orelse):
            for number, (test, branch) in enumerate(branches):
                with out.block(f"{'elif' if number else 'if'} {writer.write(test)}:"):
                    block(c, branch)
            if orelse:
                with out.block("else:"):
                    block(c, orelse)
        case ops.While(test, body):
            with out.block(f"while {writer.write(test)}:"):
                block(c, body)
        case ops.Repeat(times, body, target):
            c.loop(target, f"range({writer.argument(times)})", body, block)
        case ops.For(target, iterable, body):
            c.loop(target, writer.iterated(iterable), body, block)
        case ops.With():
            _with(c, op)
        case ops.Try():
            _try(c, op)
        case ops.Expect():
            _expect(c, op)


def _with(c: Body, op: ops.With) -> None:
    places, inner = [c.writer.place(op.ref)], op.body
    while len(inner) == 1 and isinstance(inner[0], ops.With):
        places.append(c.writer.place(inner[0].ref))
        inner = inner[0].body
    with c.out.block(f"{c.names.words.enter} {', '.join(places)}:"):
        block(c, inner)


def _try(c: Body, op: ops.Try) -> None:
    if not op.handlers and not op.finalbody:
        block(c, (*op.body, *op.orelse))
        return
    with c.out.block("try:"):
        block(c, op.body if op.handlers else (*op.body, *op.orelse))
    for handler in op.handlers:
        asks = any(isinstance(node, Local) and node.name == "error" for node in walk_all(handler.body))
        bound_to = " as exception" if asks else ""
        with c.out.block(f"except {c.names.exception(handler.exception)}{bound_to}:"):
            if asks:
                c.out.line("error = str(exception)")
            block(c, handler.body)
    if op.handlers and op.orelse:
        with c.out.block("else:"):
            block(c, op.orelse)
    if op.finalbody:
        with c.out.block("finally:"):
            block(c, op.finalbody)


def _expect(c: Body, op: ops.Expect) -> None:
    with c.out.block("try:"):
        step(c, op.body)
    with c.out.block(f"except {c.names.exception(op.exception)}:"):
        pass
    with c.out.block("else:"):
        c.out.line(f'raise AssertionError("{op.exception} was not raised")')


def _statement(c: Body, op: Statement) -> None:
    out, writer = c.out, c.writer
    match op:
        case Assign(targets, value):
            kept = any(isinstance(place, Shared | Subscript) for target in targets for place in bound(target))
            text = c.given(value) if kept and not isinstance(value, TupleDisplay) else writer.write(value)
            out.line(" = ".join([*map(c.target, targets), text]))
        case AugmentedAssign(target, operator, value):
            text = c.given(value) if isinstance(target, Shared | Subscript) else writer.write(value)
            out.line(f"{c.target(target)} {operator}= {text}")
        case Delete(targets):
            out.line(f"del {', '.join(map(c.target, targets))}")
        case Evaluate(value):
            out.line(writer.write(value))
        case Break():
            out.line("break")
        case Continue():
            out.line("continue")
        case Pass():
            out.line("pass")
        case Return(value):
            out.line("return" if value is None else f"return {writer.write(value)}")
        case Reraise():
            out.line("raise")
