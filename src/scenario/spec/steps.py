"""The steps as written: one model a verb. A step is tagged by its one verb before it is validated."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from pydantic import Field, create_model

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.language.arguments import Argument
from scenario.language.verbs import VERBS as CATALOGUE
from scenario.spec import codes, expressions
from scenario.spec.faults import fault
from scenario.spec.fields import (
    Args,
    CancelTarget,
    Exception_,
    Expr,
    Many,
    Name,
    Parsed,
    Ref,
    Refs,
    ReturnWhen,
    Table,
    Target,
    Template,
    fields_of,
)
from scenario.spec.model import Model
from scenario.spec.one_verb import WrongVerb, assigned, meant, verb_of
from scenario.spec.recovery import UNKNOWN_EXPR, anything, doubt, note
from scenario.spec.scalars import described, exception_field, mistyped
from scenario.spec.values import Mapping, Scalar, Sequence, Text


class Step(Model):
    """A mapping step. Its verb's own value has a plain field name, aliased to the verb."""

    verb: ClassVar[str]
    raises: Exception_ | None = None


if TYPE_CHECKING:
    StepField: TypeAlias = "syntax.Statement | AnyStep"
    Steps: TypeAlias = tuple[StepField, ...]
    Block: TypeAlias = tuple[StepField, ...]
else:  # the readers are defined below: steps hold steps
    Steps = Annotated[
        tuple,
        Many(lambda value: read_step(value), "steps", "a list of steps", syntax.Pass(), assigned),  # noqa: PLW0108 (it is defined below)
    ]
    Block = Annotated[tuple, Parsed(lambda value: read_block(value), "block", (), anything)]  # noqa: PLW0108 (it is defined below)

Handlers: TypeAlias = Annotated[
    dict[str, Steps],
    Table(lambda value: read_steps(value), "handlers", "a mapping of exceptions", tuple, exception_field),  # noqa: PLW0108 (it is defined below)
]


class Print(Step):
    text: Template = Field(alias="print")


class Mark(Step):
    text: Template = Field(alias="mark")


class Sleep(Step):
    seconds: Expr = Field(alias="sleep")


class OnObject(Step):
    """One call on an object: its fields are the catalogue's arguments, the ref under the verb itself."""

    ref: Ref

    def argument(self, key: str) -> syntax.Expr | None:
        """What is given for it, if anything is."""
        given: syntax.Expr | None = getattr(self, key)
        return given


def _on_object(verb: str, arguments: Iterable[Argument]) -> type[Step]:
    """The model of a verb that is one call on one object, as the catalogue has it."""
    ref: Any = (Ref, Field(alias=verb))
    return create_model(verb, __base__=OnObject, __doc__=None, ref=ref, **fields_of(arguments))


class With(Step):
    refs: Refs = Field(alias="with")  # one ref or a list
    do: Steps


class Join(Step):
    ref: Ref = Field(alias="join")
    timeout: Expr | None = None


class Start(Step):
    ref: Ref = Field(alias="start")


class Cancel(Step):
    """A timer, or an expr that is a future: compile decides by the name."""

    what: CancelTarget = Field(alias="cancel")
    into: Target | None = None


class Shutdown(Step):
    ref: Ref = Field(alias="shutdown")
    wait: Expr | None = None
    cancel_futures: Expr | None = None
    immediate: Expr | None = None


class Submit(Step):
    routine: Name = Field(alias="submit")
    to: Ref
    args: Args | None = None
    into: Target | None = None


class Map(Step):
    routine: Name = Field(alias="map")
    to: Ref
    over: Expr
    timeout: Expr | None = None
    into: Target | None = None
    as_: Target | None = Field(default=None, alias="as")
    do: Steps | None = None

    def contradictions(self) -> list[Diagnostic]:
        if "into" in self.key_spans and ("as" in self.key_spans or "do" in self.key_spans):
            message = "the results go `into` a name, or one after the other `as` a name to `do`, not both"
            return [Diagnostic(codes.CONTRADICTION, message, self.key_spans["into"])]
        if ("as" in self.key_spans) != ("do" in self.key_spans):
            return [Diagnostic(codes.MISSING_KEY, "`as` and `do` go together", self.key_spans["map"])]
        return []


class Result(Step):
    future: Expr = Field(alias="result")
    timeout: Expr | None = None
    into: Target | None = None


class WaitFutures(Step):
    futures: Expr = Field(alias="wait_futures")
    return_when: ReturnWhen | None = None  # one of the three constants, bare, or an expression
    timeout: Expr | None = None
    into: Target | None = None  # `[done, pending]` or one target


class AsCompleted(Step):
    target: Target = Field(alias="as_completed")
    in_: Expr = Field(alias="in")
    do: Steps
    timeout: Expr | None = None


class Call(Step):
    routine: Name = Field(alias="call")
    args: Args | None = None
    into: Target | None = None


class Branch(Model):
    """One `elif`."""

    called: ClassVar[str] = "an `elif`"
    written: ClassVar[str | None] = "{if: …, then: […]}"

    if_: Expr = Field(alias="if")
    then: Steps


Branches: TypeAlias = Annotated[
    tuple[Branch, ...], Many(Branch.read, "branches", "a list of `if` and `then`", None, anything)
]


class If(Step):
    test: Expr = Field(alias="if")
    then: Steps
    elif_: Branches = Field(default=(), alias="elif")
    else_: Steps = Field(default=(), alias="else")


class While(Step):
    test: Expr = Field(alias="while")
    do: Steps


class Repeat(Step):
    times: Expr = Field(alias="repeat")
    do: Steps
    as_: Target | None = Field(default=None, alias="as")


class For(Step):
    target: Target = Field(alias="for")
    in_: Expr = Field(alias="in")
    do: Steps


class Return(Step):
    value: Expr | None = Field(alias="return")


class Try(Step):
    body: Steps = Field(alias="try")
    except_: Handlers = Field(default_factory=dict, alias="except")
    else_: Steps = Field(default=(), alias="else")
    finally_: Steps = Field(default=(), alias="finally")

    def contradictions(self) -> list[Diagnostic]:
        if "else" in self.key_spans and "except" not in self.key_spans:
            return [Diagnostic(codes.CONTRADICTION, "`else` goes with `except`", self.key_spans["else"])]
        return []


class Raise(Step):
    exception: Exception_ = Field(alias="raise")
    message: Template | None = None


class Assert(Step):
    test: Expr = Field(alias="assert")
    message: Template | None = None


class Choose(Step):
    target: Target = Field(alias="choose")
    from_: Expr = Field(alias="from")


class Await(Step):
    test: Expr = Field(alias="await")
    timeout: Expr | None = None


class Atomic(Step):
    body: Block = Field(alias="atomic")  # a single statement may stand directly


_OWN_FORM: dict[str, type[Step]] = {
    "print": Print, "mark": Mark, "sleep": Sleep, "with": With, "join": Join, "start": Start, "cancel": Cancel,
    "shutdown": Shutdown, "submit": Submit, "map": Map, "result": Result, "wait_futures": WaitFutures,
    "as_completed": AsCompleted, "call": Call, "if": If, "while": While, "repeat": Repeat, "for": For, "return": Return,
    "try": Try, "raise": Raise, "assert": Assert, "choose": Choose, "await": Await, "atomic": Atomic,
}  # fmt: skip

VERBS: dict[str, type[Step]] = {
    verb: _OWN_FORM[verb] if entry.arguments is None else _on_object(verb, entry.arguments)
    for verb, entry in CATALOGUE.items()
}

AnyStep: TypeAlias = (
    OnObject | Print | Mark | Sleep | With | Join | Start | Cancel | Shutdown | Submit | Map | Result | WaitFutures
    | AsCompleted | Call | If | While | Repeat | For | Return | Try | Raise | Assert | Choose | Await | Atomic
)  # fmt: skip

for _verb, _model in VERBS.items():
    _model.verb = _verb
    _model.called = f"`{_verb}`"

MODIFIERS: dict[str, tuple[str, ...]] = {
    key: tuple(verb for verb, model in VERBS.items() if key in model.known_keys)
    for key in sorted(frozenset().union(*(model.known_keys for model in VERBS.values())))
    if key not in VERBS and key != "raises"
}
"""Every modifier -> the verbs that take it."""

Step.foreign_keys = MODIFIERS


def read_step(value: object) -> syntax.Statement | Step:
    """One step: a statement from a text, or the model of the verb that a mapping holds."""
    match value:
        case Text():
            return expressions.statement_field(value)
        case Mapping():
            return _verb_step(value)
        case Scalar() if value.raw:
            expected = "a step is a statement (a text) or a mapping with one verb"
            message = f"expected a step, but YAML reads this as {described(value)}"
            raise fault(Diagnostic(codes.QUOTE_THIS, message, value.span, expected))
        case _:
            hint: str | None = None
            if isinstance(value, Sequence):
                hint = "steps are not nested lists: indent them under a verb, or quote a statement that starts with ["
            raise mistyped(value, "a step", hint)


def _verb_step(value: Mapping) -> Step:
    try:
        return VERBS[verb_of(value, VERBS)].read(value)
    except WrongVerb as error:
        note(error)
        found = meant(value, error, VERBS)
    return _any_loop(value) if found is None else VERBS[found[0]].read(found[1])


def _any_loop(value: Mapping) -> Step:
    """What stands for a step that can not be understood: its bodies are looked at, in what may be a loop."""
    bodies = [key for key in value if key in _BODIES and isinstance(value[key], Sequence)]
    for key in value:
        if key not in bodies:
            doubt(assigned(key))
            doubt(anything(value[key]))
    steps = tuple([step for key in bodies for step in read_steps(value[key])])
    return While.model_construct(test=UNKNOWN_EXPR, do=steps)


_BODIES = ("do", "then", "else", "try", "finally", "steps", "body", "atomic")


def read_steps(value: object) -> Steps:
    """A list of steps, wherever no field reads one."""
    return _Body.validated({"steps": value}).steps


def read_block(value: object) -> Steps:
    """A list of steps, or a single statement."""
    return (expressions.statement_field(value),) if isinstance(value, Text) else read_steps(value)


class _Body(Model):
    steps: Steps
