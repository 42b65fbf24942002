"""`expect` as written: what must hold."""

from dataclasses import field
from typing import Annotated, ClassVar, Self, TypeAlias, get_args

from pydantic import Field

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.kinds import FailureKind
from scenario.language.runtimes import Runtime
from scenario.record import record
from scenario.source import START, Span
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.readers.expressions import ref_field
from scenario.spec.readers.fields import Claim, Claims, Expr, Lines, Many, Parsed
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import (
    choice_field,
    equations,
    exception_field,
    item_of_list,
    key_not_text,
    list_of_one,
    mistyped,
    span_of,
    text_field,
)
from scenario.spec.recovery import UNKNOWN, UNKNOWN_REF, forgiven, note
from scenario.spec.yaml.values import Key, Mapping, Sequence, Text, Value


class Output(Model):
    """`lines`: exactly these, in order; `unordered`: in any order; the rest: substrings of lines."""

    called: ClassVar[str] = "`output`"
    lines: Lines | None = None
    unordered: Lines | None = None
    contains: Lines = ()
    absent: Lines = ()


def read_output(value: object) -> Output:
    """A list is short for `lines`."""
    if isinstance(value, Sequence):
        return Output.read(_only(Text("lines", value.span), value))
    if not isinstance(value, Mapping):
        raise mistyped(
            value, "a list of lines, or a mapping of `lines`, `unordered`, `contains`, `absent`", list_of_one(value)
        )
    return Output.read(value)


def _only(key: Text, value: Sequence) -> Mapping:
    mapping = Mapping(value.span)
    mapping[key] = value
    mapping.key_spans[key] = key.span
    return mapping


def _read_marks(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence):
        raise mistyped(value, "a list of marks", "`order` is a list of lists: [[first, then]]")
    marks: list[str] = []
    for mark in value:
        text = forgiven(text_field, mark, "")
        if text in marks:
            message = f"`{text[:60]}` stands twice in one order: no mark comes before itself"
            note(fault(Diagnostic(codes.CONTRADICTION, message, span_of(mark), "name each mark once")))
        marks.append(text)
    return tuple(marks)


Order: TypeAlias = Annotated[tuple[tuple[str, ...], ...], Many(_read_marks, "order", "a list of lists of marks")]


@record
class Error:
    """These threads end with one of these exceptions; `possible`: or end well."""

    thread: syntax.Ref
    exceptions: tuple[str, ...]
    possible: bool = False
    span: Span = field(default=START, compare=False)


def _exceptions(value: object) -> tuple[tuple[str, ...], bool]:
    """The names, and whether they are only possible."""
    possible = isinstance(value, Mapping) and list(value) == ["possible"]
    names = value["possible"] if possible and isinstance(value, Mapping) else value
    if isinstance(names, Mapping):
        hint = "write `thread: ValueError`, `thread: [ValueError, KeyError]` or `thread: {possible: ValueError}`"
        raise mistyped(names, "an exception's name, a list of them, or `{possible: …}`", hint)
    listed = names if isinstance(names, Sequence) else [names]
    if not listed:
        raise mistyped(names, "at least one exception")
    return tuple([forgiven(exception_field, name, UNKNOWN) for name in listed]), possible


def read_errors(value: object) -> tuple[Error, ...]:
    """A mapping of threads to exceptions."""
    if not isinstance(value, Mapping):
        raise mistyped(value, "a mapping of threads to exceptions, as `{worker: ValueError}`")
    return tuple([_error(value, key, names) for key, names in value.items()])


def _error(value: Mapping, key: Key, names: object) -> Error:
    thread = forgiven(ref_field, key, UNKNOWN_REF) if isinstance(key, Text) else UNKNOWN_REF
    if not isinstance(key, Text):
        note(fault(key_not_text(value, key)))
    exceptions, possible = forgiven(_exceptions, names, ((UNKNOWN,), True))
    return Error(thread, exceptions, possible, value.key_spans[key])


@record
class Deadlock:
    """`threads`, with mode possible: exactly these are stuck."""

    mode: str
    threads: tuple[syntax.Ref, ...] | None = None
    span: Span = field(default=START, compare=False)


_DEADLOCK_MODES = choice_field("never", "possible", "always")


def read_deadlock(value: object) -> Deadlock:
    """never, possible, always, or `{possible: [A, B]}`."""
    if not isinstance(value, Mapping):
        return Deadlock(_DEADLOCK_MODES(value), None, getattr(value, "span", START))
    stuck = value.get("possible")
    if len(value) != 1 or not isinstance(stuck, Sequence) or not stuck:
        raise mistyped(value, "never, possible, always or `{possible: [threads that are stuck]}`")
    return Deadlock("possible", tuple([forgiven(ref_field, thread, UNKNOWN_REF) for thread in stuck]), value.span)


class Elapsed(Model):
    """Seconds from the first start to the end."""

    called: ClassVar[str] = "`elapsed`"
    written: ClassVar[str | None] = "{at_least: 1, at_most: 2}"
    at_least: Expr | None = None
    at_most: Expr | None = None


_RATING = choice_field("acceptable", "interesting", "forbidden")


class Row(Model):
    """A row of `outcomes`: the first true `when` labels an outcome."""

    called: ClassVar[str] = "an outcome"
    written: ClassVar[str | None] = "{when: …, is: acceptable}"
    when: Claim
    rating: Annotated[str, Parsed(_RATING, "rating", "acceptable")] = Field(alias="is")
    because: Annotated[str, Parsed(text_field, "text")] | None = None


class Expect(Model):
    """What must hold. Defaults are those of a file without `expect`."""

    called: ClassVar[str] = "`expect`"
    final: Claims = ()
    sometimes: Claims = ()
    always: Claims = ()
    reachable: Claims = ()
    output: Annotated[Output, Parsed(read_output, "output")] | None = None
    order: Order = ()
    errors: Annotated[tuple[Error, ...], Parsed(read_errors, "errors", ())] = ()
    deadlock: Annotated[Deadlock, Parsed(read_deadlock, "deadlock", Deadlock("never"))] = Deadlock("never")
    livelock: Annotated[str, Parsed(choice_field("never", "possible"), "livelock", "never")] = "never"
    elapsed: Annotated[Elapsed, Parsed(Elapsed.read, "elapsed")] | None = None
    fails: (
        Annotated[tuple[str, ...], Many(choice_field(*get_args(FailureKind)), "fails", "a list of kinds of failure")]
        | None
    ) = None
    observe: Claims | None = None
    outcomes: (
        Annotated[tuple[Row, ...], Many(Row.read, "outcomes", "a list of outcomes", of_mapping=item_of_list)] | None
    ) = None

    @classmethod
    def of_unknown(cls, key: str, value: Value) -> str | None:
        """A variable with its value, or some of them under `vars`."""
        claimed: dict[Key, Value] = value if isinstance(value, Mapping) and value else {key: value}
        return f"what variables are in the end stands under `final`: {equations(claimed)}"


class RuntimeExpect(Expect):
    """What differs on one runtime: these keys take the place of the others' there."""

    called: ClassVar[str] = "what is expected on a runtime"
    written: ClassVar[str | None] = "{deadlock: possible}"


_OnRuntime: TypeAlias = Annotated[RuntimeExpect, Parsed(RuntimeExpect.read, "runtime_expect")]


class WholeExpect(Expect):
    """`expect` with what differs by runtime."""

    threading: _OnRuntime | None = None
    asyncio: _OnRuntime | None = None
    multiprocessing: _OnRuntime | None = None

    def on(self, runtime: Runtime) -> Self:
        """What is expected on a runtime: its own keys before all others."""
        own: RuntimeExpect | None = getattr(self, runtime)
        if own is None:
            return self
        fields = {field.alias or name: name for name, field in RuntimeExpect.model_fields.items()}
        written = {name: getattr(own, name) for key, name in fields.items() if key in own.key_spans}
        whole = self.model_copy(update=written)
        whole.stand_as(_over(self.document, own.document))
        return whole


def _over(base: Mapping, own: Mapping) -> Mapping:
    """A mapping with the entries of another before its own."""
    mapping = Mapping(base.span)
    mapping.update({**base, **own})
    mapping.key_spans.update({**base.key_spans, **own.key_spans})
    return mapping


def read_expect(value: object) -> WholeExpect:
    """A list is short for `final`."""
    if isinstance(value, Sequence):
        return WholeExpect.read(_only(Text("final", value.span), value))
    if not isinstance(value, Mapping):
        hint = "write a list: `- counter == 3`"
        raise mistyped(value, "a list of expressions, or a mapping", hint)
    return WholeExpect.read(value)
