"""The steps as written: one model a verb."""

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import Field

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.spec import codes
from scenario.spec.readers.fields import (
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
)
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import exception_field, item_of_list
from scenario.spec.recovery import anything
from scenario.spec.step import Models, Step
from scenario.spec.step_reader import StepReader

_OWN_FORMS: dict[str, type[Step]] = {}
"""Those of the verbs that are no call on one object: entered below, for steps hold steps."""

VERBS = Models(_OWN_FORMS)

_READER = StepReader(VERBS)

if TYPE_CHECKING:
    StepField: TypeAlias = syntax.Statement | Step
    Steps: TypeAlias = tuple[StepField, ...]
    Block: TypeAlias = tuple[StepField, ...]
else:  # what pydantic reads of them
    Steps = Annotated[tuple, _READER.list]
    Block = Annotated[tuple, Parsed(_READER.block, "block", (), anything)]

Handlers: TypeAlias = Annotated[
    dict[str, Steps],
    Table(_READER.steps, "handlers", "a mapping of exceptions", "{ValueError: […]}", tuple, exception_field),
]


class Print(Step):
    text: Template = Field(alias="print")


class Mark(Step):
    text: Template = Field(alias="mark")


class Sleep(Step):
    seconds: Expr = Field(alias="sleep")


class Compute(Step):
    seconds: Expr = Field(alias="compute")


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


class Kill(Step):
    """A process; compile refuses it on other runtimes."""

    ref: Ref = Field(alias="kill")


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


class SetResult(Step):
    future: Expr = Field(alias="set_result")
    value: Expr


class SetException(Step):
    future: Expr = Field(alias="set_exception")
    error: Exception_
    message: Template | None = None


class SetRunning(Step):
    future: Expr = Field(alias="set_running_or_notify_cancel")
    into: Target | None = None


class AddDoneCallback(Step):
    future: Expr = Field(alias="add_done_callback")
    routine: Name = Field(alias="run")
    args: Args | None = None


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
    tuple[Branch, ...],
    Many(Branch.read, "branches", "a list of `if` and `then`", None, anything, of_mapping=item_of_list),
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


class Timeout(Step):
    """A verb only with its `do`: elsewhere `timeout` is a modifier."""

    seconds: Expr = Field(alias="timeout")
    do: Steps


class Atomic(Step):
    body: Block = Field(alias="atomic")  # a single statement may stand directly


_OWN_FORMS.update(
    (model.verb, model)
    for model in (
        Print, Mark, Sleep, Compute, With, Join, Start, Cancel, Kill, Shutdown, Submit, Map, Result, SetResult, SetException, SetRunning, AddDoneCallback,
        WaitFutures, AsCompleted, Call, If,
        While, Repeat, For, Return, Try, Raise, Assert, Choose, Await, Timeout, Atomic,
    )
)  # fmt: skip

MODIFIERS = Step.foreign_keys
MODIFIERS.update(VERBS.modifiers())
