"""A valid file -> its programs with params left open, for whoever speaks of all their values; and each instance of one."""

from __future__ import annotations

from collections.abc import Container, Mapping

from scenario.compile.cases import Raw, raw_cases
from scenario.compile.compiler import identified
from scenario.compile.findings import Findings
from scenario.compile.unit import Unit, kind_of
from scenario.diagnostics import InvalidScenario
from scenario.language.primitives import KINDS
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.program.open import Open
from scenario.program.program import Program
from scenario.record import record
from scenario.source import Source, Span
from scenario.spec.primitives import Array
from scenario.spec.scenario import Scenario
from scenario.syntax import Const, Expr


@record
class OpenFile:
    """A file to compile in this way; `overrides` are the command line's params, `exploring`: whether its `explore.params` count."""

    model: Scenario
    source: Source
    overrides: Mapping[str, object]
    allowed_python: Container[str] = ()
    exploring: bool = True
    runtime: Runtime = RUNTIMES[0]

    def case_of(self, program: Program) -> int:
        """The number of the first case that is this program."""
        numbers = range(len(self._raw()))
        return next(number for number in numbers if self.instance(number, {}).identity == program.identity)

    def left_open(self, case: int, values: Mapping[str, int]) -> Open:
        """The case with these params left open, as it is for the values. Raises InvalidScenario."""
        return self._opened(case, values, values)

    def named(self, program: Program) -> Open:
        """The case that is this program, with every param by its name, whatever its value."""
        return self._opened(self.case_of(program), program.params, {})

    def _opened(self, case: int, values: Mapping[str, object], least: Mapping[str, int]) -> Open:
        unit, program = self._built(case, values, values)
        computed = unit.evaluator.open
        model = self.model
        return Open(
            program,
            least,
            _among(computed, {key: thread.count for key, thread in model.threads.items()}),
            _among(computed, model.vars),
            {name: among for name in model.primitives if (among := _among(computed, _arguments(model, name)))},
            frozenset(unit.notes.open),
        )

    def instance(self, case: int, values: Mapping[str, int]) -> Program:
        """The case for these values, as with `-p`. Raises InvalidScenario."""
        return identified(self._built(case, values, ())[1], self.source)

    def _raw(self) -> list[Raw]:
        return raw_cases(self.model, self.overrides, Findings(), exploring=self.exploring)

    def _built(self, case: int, values: Mapping[str, object], left_open: Container[str]) -> tuple[Unit, Program]:
        found = Findings(self.model.mistakes)
        unit = Unit(self.model, self.source, found, left_open, runtime=self.runtime)
        given = {name: Const(value) for name, value in values.items()}
        program = unit.build({**self._raw()[case], **given}, self.allowed_python)
        if diagnostics := found.sorted():
            raise InvalidScenario(diagnostics)
        return unit, program


def _among(computed: Mapping[Span, Expr], written: Mapping[str, Expr | None]) -> dict[str, Expr]:
    """What was computed of what is written, by name."""
    return {name: computed[node.span] for name, node in written.items() if node is not None and node.span in computed}


def _arguments(model: Scenario, name: str) -> dict[str, Expr | None]:
    """The exprs that a primitive is made with."""
    primitive = model.primitives[name]
    kind = kind_of(primitive)
    size = {"array": primitive.size} if isinstance(primitive, Array) else {}
    given = {argument.name: getattr(kind, argument.name) for argument in KINDS[kind.kind].arguments}
    return {**size, **{key: node for key, node in given.items() if hasattr(node, "span")}}
