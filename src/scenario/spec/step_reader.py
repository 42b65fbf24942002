"""Reads one step as written, and lists of them: a statement, or a mapping by the model of its one verb."""

from __future__ import annotations

from collections.abc import Mapping as Table

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.one_verb import WrongVerb, assigned, meant, verb_of
from scenario.spec.readers import expressions
from scenario.spec.readers.fields import Many
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import described, item_of_list, mistyped
from scenario.spec.recovery import UNKNOWN_EXPR, anything, doubt, note
from scenario.spec.yaml.values import Mapping, Scalar, Sequence, Text

_BODIES = ("do", "then", "else", "try", "finally", "steps", "body", "atomic")


class StepReader:
    """`models`: one a verb. They have steps in them, so that they are there only when a file is read."""

    def __init__(self, models: Table[str, type[Model]]) -> None:
        self._models = models
        self.list = Many(self.step, "steps", "a list of steps", syntax.Pass(), assigned, of_mapping=item_of_list)

    def step(self, value: object) -> object:
        """One step: a statement from a text, or the model of the verb that a mapping holds."""
        match value:
            case Text():
                return expressions.statement_field(value)
            case Mapping():
                return self._of_a_verb(value)
            case Scalar() if value.raw:
                expected = "a step is a statement (a text) or a mapping with one verb"
                message = f"expected a step, but YAML reads this as {described(value)}"
                raise fault(Diagnostic(codes.QUOTE_THIS, message, value.span, expected))
            case _:
                hint: str | None = None
                if isinstance(value, Sequence):
                    hint = (
                        "steps are not nested lists: indent them under a verb, or quote a statement that starts with ["
                    )
                raise mistyped(value, "a step", hint)

    def steps(self, value: object) -> object:
        """A list of steps."""
        return self.list.read_field(value)

    def block(self, value: object) -> object:
        """A list of steps, or a single statement."""
        return (expressions.statement_field(value),) if isinstance(value, Text) else self.steps(value)

    def _of_a_verb(self, value: Mapping) -> Model:
        try:
            return self._models[verb_of(value, self._models)].read(value)
        except WrongVerb as error:
            note(error)
            found = meant(value, error, self._models)
        return self._any_loop(value) if found is None else self._models[found[0]].read(found[1])

    def _any_loop(self, value: Mapping) -> Model:
        """What stands for a step that can not be understood: its bodies are looked at, in what may be a loop."""
        bodies = [key for key in value if key in _BODIES and isinstance(value[key], Sequence)]
        for key in value:
            if key not in bodies:
                doubt(assigned(key))
                doubt(anything(value[key]))
        steps = tuple([step for key in bodies for step in self.list.read_field(value[key])])
        return self._models["while"].model_construct(test=UNKNOWN_EXPR, do=steps)
