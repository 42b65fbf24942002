"""The bodies of a file as step code, and the place of each instruction: what it touches of the shared variables, what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.engines.code.operation import Location, Touches
from scenario.engines.code.places import Place
from scenario.engines.code.rewriting.installed import PLACES
from scenario.program.ops import Act
from scenario.program.program import Program, declared_name
from scenario.program.show import expression, reference
from scenario.program.walk import walk
from scenario.record import record
from scenario.source import Span
from scenario.steps import code as steps
from scenario.steps.code import Code
from scenario.steps.lower.bodies import body_code
from scenario.syntax import Node, Query, Shared

CLAIMS: Location = "claims"
"""Touched by whatever changes what is looked at in every state."""
OUTPUT: Location = "output"
"""Touched by what is printed or marked where the file asks for that."""


@record
class Site:
    """Where an instruction stands: the number of its place, what it touches, which (object, attribute) it asks for."""

    number: int
    place: Place
    span: Span
    touches: Touches
    asks: frozenset[tuple[str, str]] = frozenset()


class Bodies:
    """Made once; executions share it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._sites: dict[tuple[int, int], Site] = {}
        self._nth: dict[tuple[int, int], int] = {}
        self.spans: dict[Place, Span] = {}
        self.claimed = claimed(program)
        self.visible: set[int] = set()
        self.routines = {
            r.name: body_code(program, r.name, r.body, r.params, is_called=True) for r in program.routines.values()
        }
        self.threads = {group.key: body_code(program, group.key, group.body) for group in program.groups}
        self.main = None if program.main is None else body_code(program, "main", program.main)
        self.starts = {group.key: self._place(group.span, "start") for group in program.groups}
        for code in (*self.routines.values(), *self.threads.values(), *([] if self.main is None else [self.main])):
            for pc, instruction in enumerate(code.instructions):
                self._sites[id(code), pc] = self._site(instruction)

    def site(self, code: Code, pc: int) -> Site:
        """That of an instruction."""
        return self._sites[id(code), pc]

    def _site(self, instruction: steps.AnyInstruction) -> Site:
        touches, asks = self._touches(instruction)
        place = self._place(instruction.span, _text(instruction))
        number = len(PLACES) - 1
        if (CLAIMS, True) in touches:
            self.visible.add(number)
        return Site(number, place, instruction.span, touches, asks)

    def _place(self, span: Span, text: str) -> Place:
        at = span.line, span.column
        nth = self._nth[at] = self._nth.get(at, 0) + 1
        place = Place(self.program.path, *at, text, nth=nth)
        PLACES.append(place)
        self.spans[place] = span
        return place

    def _touches(self, instruction: steps.AnyInstruction) -> tuple[Touches, frozenset[tuple[str, str]]]:
        match instruction:
            case steps.Access(reads=reads, writes=writes, asks=asks):
                return self._of_names(reads, writes), asks
            case steps.Guard(reads=reads, asks=asks):
                return self._of_names(reads, frozenset()), asks
            case steps.Emit():
                return ((OUTPUT, True),), frozenset()
            case _:
                return (), frozenset()

    def _of_names(self, reads: frozenset[str], writes: frozenset[str]) -> Touches:
        touches: dict[Location, bool] = {("shared", name): name in writes for name in sorted(reads | writes)}
        if writes & self.claimed:
            touches[CLAIMS] = True
        return tuple(touches.items())


def claimed(program: Program) -> frozenset[str]:
    """The variables that are looked at in every state."""
    return frozenset(node.name for node in _in_states(program) if isinstance(node, Shared))


def asked_in_states(program: Program) -> Iterator[Node]:
    """Where objects or threads are."""
    return (node for node in _in_states(program) if isinstance(node, Query))


def _in_states(program: Program) -> Iterator[object]:
    for claim in (*program.claims.always, *program.claims.reachable):
        yield from walk(claim.expr)


def _text(instruction: steps.AnyInstruction) -> str:
    """What is accessed or done there, as the file has it."""
    match instruction:
        case steps.Access(shown=shown) if shown is not None:
            return expression(shown)
        case steps.Access(reads=reads, writes=writes):
            return ", ".join(sorted(writes or reads))
        case steps.Guard(test):
            return expression(test)
        case steps.Operate(op):
            return _of_operation(op)
        case _:
            return type(instruction).__name__.lower()


def _of_operation(op: Act) -> str:
    ref = getattr(op, "ref", None) or getattr(op, "to", None)
    name = declared_name(reference(ref)) if ref is not None else getattr(op, "function", "")
    return f"{name}.{op.verb}" if name else op.verb
