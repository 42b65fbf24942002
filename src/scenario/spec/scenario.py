"""The whole file as written."""

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, PrivateAttr

from scenario import syntax
from scenario.diagnostics import Diagnostic
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.spec import codes, requirements
from scenario.spec.expectations import WholeExpect, read_expect
from scenario.spec.primitives import Array, Primitive, UnknownKind, read_primitive
from scenario.spec.readers.expressions import constant_field
from scenario.spec.readers.fields import Expr, Many, Name, NamedArgs, Names, Parsed, Table, Template
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import (
    choice_field,
    flag_field,
    item_of_list,
    mistyped,
    seconds_field,
    string_field,
    thread_name_field,
)
from scenario.spec.recovery import EVERYTHING, UNKNOWN, UNKNOWN_EXPR, is_unknown
from scenario.spec.steps import Steps
from scenario.spec.yaml.values import Mapping, Scalar


class Requires(Model):
    """Where the file can run; elsewhere it is skipped. `python` is a list of comparisons: `>=3.13`."""

    called: ClassVar[str] = "`requires`"
    written: ClassVar[str | None] = '{python: ">=3.13"}'
    python: Annotated[str, Parsed(requirements.specifier_field, "specifier", ">=3")]


class Routine(Model):
    """A named step list with parameters."""

    called: ClassVar[str] = "a routine"
    written: ClassVar[str | None] = "{params: [n], steps: […]}"
    params: Names = ()
    steps: Steps


class Thread(Model):
    """A thread, or with `count` a group of them: `steps`, or `run` (a routine) with `args`.

    With `interrupts` it is none, but what may run in the middle of that thread, group or `main`.
    """

    called: ClassVar[str] = "a thread"
    written: ClassVar[str | None] = "{steps: […]}"
    steps: Steps | None = None
    run: Name | None = None
    args: NamedArgs = Field(default_factory=dict)
    count: Expr | None = None
    name: Template | None = None
    daemon: Expr | None = None
    class_: Name | None = Field(default=None, alias="class")
    timer: Expr | None = None
    interrupts: Annotated[str, Parsed(thread_name_field, "thread_name", UNKNOWN)] | None = None
    times: Expr | None = None

    def contradictions(self) -> list[Diagnostic]:
        found = []
        if self.steps is None and self.run is None:
            found.append(Diagnostic(codes.MISSING_KEY, "a thread needs `steps`, or `run` and a routine", self.span))
        if self.steps is not None and self.run is not None:
            found.append(self._not_both("steps", "run"))
        if self.run is None and "args" in self.key_spans:
            found.append(Diagnostic(codes.CONTRADICTION, "`args` goes with `run`", self.key_spans["args"]))
        if self.class_ is not None and self.timer is not None:
            found.append(self._not_both("class", "timer"))
        if self.interrupts is None and self.times is not None:
            found.append(Diagnostic(codes.CONTRADICTION, "`times` goes with `interrupts`", self.key_spans["times"]))
        if self.interrupts is not None:
            found += [self._of_a_thread(key) for key in OF_A_THREAD if key in self.key_spans]
        return found

    def _of_a_thread(self, key: str) -> Diagnostic:
        message = f"an interrupt is no thread of its own: it has no `{key}`"
        hint = "with `interrupts` there are `steps`, or `run` with `args`, and `times`"
        return Diagnostic(codes.CONTRADICTION, message, self.key_spans[key], hint)

    def _not_both(self, one: str, other: str) -> Diagnostic:
        message = f"a thread has `{one}` or `{other}`, not both"
        return Diagnostic(codes.CONTRADICTION, message, self.key_spans[other])


OF_A_THREAD = ("count", "name", "daemon", "class", "timer")
"""What an interrupt, which is none, does not have."""


def _unknown() -> syntax.Expr:
    return UNKNOWN_EXPR


def _unknown_routine() -> Routine:
    return Routine.model_construct(params=(UNKNOWN,), steps=())


def _unknown_thread() -> Thread:
    return Thread.model_construct(steps=(), count=UNKNOWN_EXPR)


def _unknown_callable() -> requirements.PythonCallable:
    return requirements.PythonCallable(UNKNOWN, UNKNOWN)


class Explore(Model):
    """How the file is explored; command line flags of the same names win."""

    called: ClassVar[str] = "`explore`"
    params: Annotated[
        dict[str, syntax.Expr], Table(constant_field, "values", "a mapping of params", "{workers: 3}", instead=_unknown)
    ] = Field(default_factory=dict)
    for_all: Names = ()
    clock: Annotated[Literal["free", "virtual"], Parsed(choice_field("free", "virtual"), "clock", "free")] = "free"
    wake: Annotated[Literal["any", "fifo"], Parsed(choice_field("any", "fifo"), "wake", "any")] = "any"
    spurious: Annotated[bool, Parsed(flag_field, "flag", instead=False)] = False
    fairness: Annotated[Literal["strong", "weak"], Parsed(choice_field("strong", "weak"), "fairness", "strong")] = (
        "strong"
    )
    ready: Annotated[Literal["fifo", "any"], Parsed(choice_field("fifo", "any"), "ready", "fifo")] = "fifo"


def read_explore(value: object) -> Explore | Literal[False]:
    """A mapping, or false: exploring skips the file."""
    if isinstance(value, Scalar) and value.value is False:
        return False
    if not isinstance(value, Mapping):
        hint = "to be explored is usual: leave it out" if getattr(value, "value", None) is True else None
        raise mistyped(value, "a mapping, or false", hint)
    return Explore.read(value)


Values: TypeAlias = Annotated[
    dict[str, syntax.Expr],
    Table(constant_field, "values", "a mapping of names to values", "{counter: 0}", instead=_unknown),
]


def read_case(value: object) -> dict[str, syntax.Expr]:
    """One override of params."""
    return _Case.validated({"case": value}).case


class _Case(Model):
    case: Values


class Scenario(Model):
    """A scenario file."""

    called: ClassVar[str] = "a scenario"
    name: Annotated[str, Parsed(string_field, "string", "")] = Field(alias="scenario")
    description: Annotated[str, Parsed(string_field, "string")] | None = None
    tags: Annotated[tuple[str, ...], Many(string_field, "tags", "a list of tags")] = ()
    requires: Annotated[Requires, Parsed(Requires.read, "requires")] | None = None
    runtimes: Annotated[tuple[Runtime, ...], Many(choice_field(*RUNTIMES), "runtimes", "a list of runtimes")] = ()
    params: Values = Field(default_factory=dict)
    cases: (
        Annotated[
            tuple[dict[str, syntax.Expr], ...], Many(read_case, "cases", "a list of cases", of_mapping=item_of_list)
        ]
        | None
    ) = None
    vars: Values = Field(default_factory=dict)
    primitives: Annotated[
        dict[str, Primitive | Array],
        Table(read_primitive, "primitives", "a mapping of names to primitives", "{lock: Lock}", instead=UnknownKind),
    ] = Field(default_factory=dict)
    routines: Annotated[
        dict[str, Routine],
        Table(Routine.read, "routines", "a mapping of names to routines", "{work: {steps: […]}}", _unknown_routine),
    ] = Field(default_factory=dict)
    threads: Annotated[
        dict[str, Thread],
        Table(
            Thread.read,
            "threads",
            "a mapping of names to threads",
            "{worker: {steps: […]}}",
            _unknown_thread,
            thread_name_field,
        ),
    ] = Field(default_factory=dict)
    main: Steps | None = None
    python: Annotated[
        dict[str, requirements.PythonCallable],
        Table(
            requirements.callable_field,
            "callables",
            "a mapping of names to `module:callable`",
            "{transfer: bank:transfer}",
            _unknown_callable,
        ),
    ] = Field(default_factory=dict)
    expect: Annotated[WholeExpect, Parsed(read_expect, "expect")] | None = None
    explore: Annotated[Explore | Literal[False], Parsed(read_explore, "explore")] | None = None
    timeout: Annotated[float, Parsed(seconds_field, "seconds")] | None = None

    _mistakes: tuple[Diagnostic, ...] = PrivateAttr(default=())
    _doubtful: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def mistakes(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the file so far; if anything is, broken parts are replaced by what is neutral."""
        return self._mistakes

    def doubts(self, name: str) -> bool:
        """Whether nothing can be said of a name, because a broken part may have declared it."""
        return is_unknown(name) or name in self._doubtful or EVERYTHING in self._doubtful

    def with_mistakes(self, mistakes: tuple[Diagnostic, ...], doubtful: Iterable[str]) -> Self:
        """This scenario, which is not valid."""
        self._mistakes = mistakes
        self._doubtful = frozenset(doubtful)
        return self

    def contradictions(self) -> list[Diagnostic]:
        found = []
        if "main" not in self.key_spans and self._mapping.get("threads") in (None, {}):
            message = "a scenario needs `threads`, or `main` alone"
            at = self.key_spans.get("threads") or self.key_spans.get("scenario") or self.span
            found.append(Diagnostic(codes.MISSING_KEY, message, at))
        if self._mapping.get("cases") == []:
            found.append(Diagnostic(codes.CONTRADICTION, "`cases` is empty: nothing would run", self.keys["cases"]))
        if self._mapping.get("runtimes") == []:
            message = "`runtimes` is empty: nothing would run"
            found.append(Diagnostic(codes.CONTRADICTION, message, self.keys["runtimes"]))
        return found
