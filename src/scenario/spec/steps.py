"""The steps as written: one model a verb. A step is tagged by its one verb before it is validated."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from scenario import syntax
from scenario.source import START, Span
from scenario.spec.fields import Expr, Model, Ref, Statement, Target, Template

# DRAFT by the architect: names of classes and fields are fixed, the owner of spec/ completes the file.
# Each verb's model has: the verb's own value under a plain field name (alias = the verb), its modifiers,
# `raises`, and `span`/`keys` (where the step and each key's value stand).


class Step(Model):
    raises: str | None = None
    span: Span = START
    keys: dict[str, Span] = Field(default_factory=dict)


class Print(Step):
    text: Template = Field(alias="print")


class Mark(Step):
    text: Template = Field(alias="mark")


class Sleep(Step):
    seconds: Expr = Field(alias="sleep")


class Acquire(Step):
    ref: Ref = Field(alias="acquire")
    blocking: Expr | None = None
    timeout: Expr | None = None
    into: Target | None = None


class Release(Step):
    ref: Ref = Field(alias="release")
    n: Expr | None = None


class With(Step):
    refs: tuple[Ref, ...] = Field(alias="with")  # one ref or a list
    do: Steps


class Wait(Step):
    ref: Ref = Field(alias="wait")
    timeout: Expr | None = None
    into: Target | None = None


class WaitFor(Step):
    ref: Ref = Field(alias="wait_for")
    until: Expr
    timeout: Expr | None = None
    into: Target | None = None


class Notify(Step):
    ref: Ref = Field(alias="notify")
    n: Expr | None = None


class NotifyAll(Step):
    ref: Ref = Field(alias="notify_all")


class Set(Step):
    ref: Ref = Field(alias="set")


class Clear(Step):
    ref: Ref = Field(alias="clear")


class Abort(Step):
    ref: Ref = Field(alias="abort")


class Reset(Step):
    ref: Ref = Field(alias="reset")


class Put(Step):
    ref: Ref = Field(alias="put")
    item: Expr
    block: Expr | None = None
    timeout: Expr | None = None


class Get(Step):
    ref: Ref = Field(alias="get")
    into: Target | None = None
    block: Expr | None = None
    timeout: Expr | None = None


class TaskDone(Step):
    ref: Ref = Field(alias="task_done")


class Join(Step):
    ref: Ref = Field(alias="join")
    timeout: Expr | None = None


class Start(Step):
    ref: Ref = Field(alias="start")


class Cancel(Step):
    """A timer, or an expr that is a future: compile decides by the name."""

    what: Expr = Field(alias="cancel")
    into: Target | None = None


class Shutdown(Step):
    ref: Ref = Field(alias="shutdown")
    wait: Expr | None = None
    cancel_futures: Expr | None = None
    immediate: Expr | None = None


class Submit(Step):
    routine: str = Field(alias="submit")
    to: Ref
    args: dict[str, Expr] | tuple[Expr, ...] | None = None
    into: Target | None = None


class Map(Step):
    routine: str = Field(alias="map")
    to: Ref
    over: Expr
    timeout: Expr | None = None
    into: Target | None = None
    as_: Target | None = Field(default=None, alias="as")
    do: Steps | None = None


class Result(Step):
    future: Expr = Field(alias="result")
    timeout: Expr | None = None
    into: Target | None = None


class WaitFutures(Step):
    futures: Expr = Field(alias="wait_futures")
    return_when: str | None = None
    timeout: Expr | None = None
    into: Target | None = None  # `[done, pending]` or one target


class AsCompleted(Step):
    target: Target = Field(alias="as_completed")
    in_: Expr = Field(alias="in")
    do: Steps
    timeout: Expr | None = None


class Call(Step):
    routine: str = Field(alias="call")
    args: dict[str, Expr] | tuple[Expr, ...] | None = None
    into: Target | None = None


class Branch(Model):
    """One `elif`."""

    if_: Expr = Field(alias="if")
    then: Steps


class If(Step):
    test: Expr = Field(alias="if")
    then: Steps
    elif_: tuple[Branch, ...] = Field(default=(), alias="elif")
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
    except_: dict[str, Steps] = Field(default_factory=dict, alias="except")
    else_: Steps = Field(default=(), alias="else")
    finally_: Steps = Field(default=(), alias="finally")


class Raise(Step):
    exception: str = Field(alias="raise")
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
    body: Steps = Field(alias="atomic")  # a single statement may stand directly


VERBS: dict[str, type[Step]] = {
    "print": Print, "mark": Mark, "sleep": Sleep, "acquire": Acquire, "release": Release, "with": With,
    "wait": Wait, "wait_for": WaitFor, "notify": Notify, "notify_all": NotifyAll, "set": Set, "clear": Clear,
    "abort": Abort, "reset": Reset, "put": Put, "get": Get, "task_done": TaskDone, "join": Join, "start": Start,
    "cancel": Cancel, "shutdown": Shutdown, "submit": Submit, "map": Map, "result": Result,
    "wait_futures": WaitFutures, "as_completed": AsCompleted, "call": Call, "if": If, "while": While,
    "repeat": Repeat, "for": For, "return": Return, "try": Try, "raise": Raise, "assert": Assert,
    "choose": Choose, "await": Await, "atomic": Atomic,
}  # fmt: skip
# A step is a statement (`syntax.Statement`, from a string) or one of VERBS' models:
# StepField = TypeAliasType(...) tagged by verb; Steps = tuple[StepField, ...]
