"""A scenario of one thread as plain Python: each step's text stands in a function, and CPython runs it.

Nothing of the tool is used. What the language adds to Python is said here: shared variables are globals that get copies,
functions that give lists, sets in one order, and the checks that do not raise.
"""

from __future__ import annotations

import ast
import copy
import sys
import threading
import warnings
from collections.abc import Sized
from typing import Any

MUTATING = {"append", "extend", "insert", "add", "update", "setdefault"}
MOST_TICKS = 3_000
MOST_CONTAINERS = 20_000
MOST_ITEMS = 2_000_000
"""Of one container: twice what the engines let a file have."""


class TooLongError(BaseException):
    """The program goes on and on: it is not compared."""


def copied(value: Any) -> Any:
    """A copy with all that is in it; of what has doubled again and again there is none."""
    known: dict[int, Any] = {}
    copy_of = copy.deepcopy(value, known)
    if len(known) > MOST_CONTAINERS:
        raise TooLongError
    return copy_of


def order(items: Any) -> list[Any]:
    items = sorted(items, key=repr)
    try:
        return sorted(items)
    except TypeError:
        return items


class OrderedSet(set):
    """A set in one order."""

    def __iter__(self):
        size, left = len(self), order(set.__iter__(self))
        while left or len(self) != size:
            if len(self) != size:
                raise RuntimeError("Set changed size during iteration")
            yield left.pop(0)

    def __repr__(self):
        return "{" + ", ".join(map(repr, self)) + "}" if self else "set()"

    def pop(self):
        for item in self:
            self.remove(item)
            return item
        raise KeyError("pop from an empty set")


def _ordering(name: str) -> Any:
    plain = getattr(set, name)

    def method(self, *args):
        result = plain(self, *args)
        return OrderedSet(result) if isinstance(result, set) else result

    return method


for _name in (
    "__or__", "__and__", "__sub__", "__xor__", "__ror__", "__rand__", "__rsub__", "__rxor__", "union", "intersection",
    "difference", "symmetric_difference", "copy",
):  # fmt: skip
    setattr(OrderedSet, _name, _ordering(_name))
OrderedSet.__name__ = "set"
FUNCTIONS = {
    "type_name": lambda value: type(value).__name__, "enumerate": lambda *a, **k: list(enumerate(*a, **k)),
    "zip": lambda *a: list(zip(*a, strict=False)), "reversed": lambda value: list(reversed(value)), "set": OrderedSet,
}  # fmt: skip


class Translation(ast.NodeTransformer):
    """Copies what is given to shared variables; sets in order."""

    def __init__(self, shared: set[str]) -> None:
        self.shared = shared
        self.temps = 0

    def is_shared(self, node: ast.AST) -> bool:
        while isinstance(node, ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.shared

    def visit_Set(self, node):
        return _call("OrderedSet", self.generic_visit(node))

    def visit_SetComp(self, node):
        return _call("OrderedSet", self.generic_visit(node))

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return _call("ordered", node) if isinstance(node.op, ast.BitOr | ast.BitAnd | ast.BitXor | ast.Sub) else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING and self.is_shared(node.func.value):
            node.args = [_call("copied", arg) for arg in node.args]
        return node

    def visit_Assign(self, node):
        self.generic_visit(node)
        value = self.temp()
        return [_store(ast.Name(value, ast.Store()), node.value), *self.given(node.targets, value)]

    def given(self, targets: list[Any], value: str) -> list[ast.stmt]:
        return [line for target in targets for line in self.store(target, value)]

    def store(self, target: Any, value: str) -> list[ast.stmt]:
        if isinstance(target, ast.Tuple | ast.List):
            names = [self.temp() for _ in target.elts]
            places = [
                ast.Starred(ast.Name(name, ast.Store()), ast.Store())
                if isinstance(t, ast.Starred)
                else ast.Name(name, ast.Store())
                for t, name in zip(target.elts, names, strict=True)
            ]
            lines = [_store(ast.Tuple(places, ast.Store()), ast.Name(value, ast.Load()))]
            for part, name in zip(target.elts, names, strict=True):
                lines += self.store(part.value if isinstance(part, ast.Starred) else part, name)
            return lines
        read: ast.expr = ast.Name(value, ast.Load())
        return [_store(target, _call("copied", read) if self.is_shared(target) else read)]

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if self.is_shared(node.target):
            node.value = _call("copied", node.value)
        return node

    def temp(self) -> str:
        self.temps += 1
        return f"_v{self.temps}"


def _call(name: str, node: Any) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), [node], [])


def _store(target: Any, value: Any) -> ast.stmt:
    return ast.Assign([target], value, lineno=1)


class Python:
    """Lines of Python for a scenario."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.scenario = scenario
        self.shared = set(scenario["vars"])
        self.translation = Translation(self.shared)
        self.lines: list[str] = []
        self.depth = 0
        self.temps = 0

    def put(self, line: str) -> None:
        self.lines += [" " * self.depth + part for part in line.split("\n")]

    def statement(self, text: str) -> None:
        tree = self.translation.visit(ast.parse(text))
        self.put(ast.unparse(ast.fix_missing_locations(tree)) or "pass")

    def expression(self, text: Any) -> str:
        if not isinstance(text, str):
            return repr(text)
        return ast.unparse(ast.fix_missing_locations(self.translation.visit(ast.parse(text, mode="eval"))))

    def template(self, text: str) -> str:
        return ast.unparse(ast.fix_missing_locations(self.translation.visit(ast.parse(f"f{text!r}", mode="eval"))))

    def block(self, head: str, steps: list[Any], first: str = "") -> None:
        self.put(head)
        self.depth += 1
        if first:
            self.put(first)
        self.put("tick()")
        for step in steps:
            self.step(step)
        self.depth -= 1

    def step(self, step: Any) -> None:
        if isinstance(step, str):
            self.statement(step)
        elif "raises" in step:
            self.expect(step["raises"], {k: v for k, v in step.items() if k != "raises"})
        else:
            getattr(self, f"do_{next(iter(step))}")(step)

    def expect(self, exception: str, step: dict[str, Any]) -> None:
        self.temps += 1
        flag = f"_f{self.temps}"
        self.put(f"{flag} = False")
        self.block("try:", [step])
        self.put(f"except {exception}: {flag} = True")
        self.put(f"except BaseException as _e:\n {flag} = True\n failed('raises', '{exception}', _e)\n raise")
        self.put(f"finally:\n if not {flag}: failed('raises', '{exception}')")

    def do_if(self, step):
        self.block(f"if {self.expression(step['if'])}:", step["then"])
        for other in step.get("elif", []):
            self.block(f"elif {self.expression(other['if'])}:", other["then"])
        if "else" in step:
            self.block("else:", step["else"])

    def do_repeat(self, step):
        self.loop(step.get("as", "_"), f"range({self.expression(step['repeat'])})", step["do"])

    def do_for(self, step):
        self.loop(step["for"], self.expression(step["in"]), step["do"])

    def loop(self, target, iterable, body):
        self.temps += 1
        item = f"_i{self.temps}"
        self.put(f"for {item} in {iterable}:")
        self.depth += 1
        self.statement(f"{target} = {item}")
        self.put("tick()")
        for step in body:
            self.step(step)
        self.depth -= 1

    def do_while(self, step):
        self.block(f"while {self.expression(step['while'])}:", step["do"])

    def do_try(self, step):
        self.block("try:", step["try"])
        for exception, body in step.get("except", {}).items():
            self.block(f"except {exception} as _e:", body, "error = str(_e)")
        if "except" not in step and "finally" not in step:
            self.put("finally: pass")
        if "else" in step:
            self.block("else:", step["else"])
        if "finally" in step:
            self.block("finally:", step["finally"])

    def do_raise(self, step):
        message = f"({self.template(step['message'])})" if "message" in step else ""
        self.put(f"raise {step['raise']}{message}")

    def do_assert(self, step):
        message = self.template(step["message"]) if "message" in step else repr(step["assert"])
        self.put(f"if not ({self.expression(step['assert'])}): failed('assert', {message})")

    def do_print(self, step):
        self.put(f"output.extend({self.template(step['print'])}.split('\\n'))")

    def do_mark(self, step):
        self.put(self.template(step["mark"]))

    def do_call(self, step):
        args = ", ".join(f"copied({self.expression(arg)})" for arg in step["args"])
        self.temps += 1
        self.put(f"_c{self.temps} = copied({step['call']}({args}))")
        self.statement(f"{step['into']} = _c{self.temps}")

    def do_return(self, step):
        self.put(f"return {self.expression(step['return'])}")

    def do_choose(self, step):
        self.statement(f"{step['choose']} = chosen({self.expression(step['from'])})")

    def do_atomic(self, step):
        for inner in step["atomic"] if isinstance(step["atomic"], list) else [step["atomic"]]:
            self.step(inner)

    def function(self, head: str, steps: list[Any], last: str = "") -> None:
        self.put(head)
        self.depth += 1
        self.put(f"global {', '.join(sorted(self.shared))}")
        self.put("name, index = 'A', 0")
        self.block("try:", steps)
        self.put(f"finally: {last or 'pass'}")
        self.depth -= 1

    def source(self) -> str:
        for name, routine in self.scenario["routines"].items():
            self.function(f"def {name}({', '.join(routine['params'])}):", routine["steps"])
        self.function("def A():", self.scenario["threads"]["A"]["steps"], "registers.update(locals())")
        return "\n".join(self.lines)


class Reference:
    """What CPython makes of it."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.output: list[str] = []
        self.failures: list[tuple[str, str]] = []
        self.registers: dict[str, Any] = {}
        self.error: tuple[str, str] | None = None
        self.ticks = 0
        self.space = {
            **FUNCTIONS, "OrderedSet": OrderedSet, "copied": copied, "tls": threading.local(), "output": self.output,
            "failed": self.failed, "registers": self.registers, "chosen": self.chosen, "tick": self.tick, "ordered": _ordered,
        }  # fmt: skip
        self.names = list(scenario["vars"])
        for name, value in scenario["vars"].items():
            text = value["expr"] if isinstance(value, dict) else repr(value)
            self.space[name] = eval(ast.unparse(Translation(set()).visit(ast.parse(text, mode="eval"))), self.space)
        self.source = Python(scenario).source()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            program = compile(self.source, "<reference>", "exec")
        exec(program, self.space)
        try:
            self.space["A"]()
        except Exception as error:  # noqa: BLE001 (whatever the program raises)
            self.error = type(error).__name__, str(error)
            self.exception = error

    @property
    def shared(self) -> dict[str, Any]:
        return {name: self.space[name] for name in self.names}

    def failed(self, kind: str, message: str, error: BaseException | None = None) -> None:
        if isinstance(error, TooLongError):
            return
        self.failures.append((kind, message))

    def chosen(self, values: Any) -> Any:
        (only,) = list(values) or [None]
        if not list(values):
            raise IndexError("Cannot choose from an empty sequence")
        return copied(only)

    def tick(self) -> None:
        self.ticks += 1
        there = (*self.shared.values(), *sys._getframe(1).f_locals.values())
        if self.ticks > MOST_TICKS or any(len(value) > MOST_ITEMS for value in there if isinstance(value, Sized)):
            raise TooLongError


def _ordered(value: Any) -> Any:
    return OrderedSet(value) if type(value) is set else value
