"""The synchronization objects as written: one model a kind, named as Python's class."""

from collections.abc import Iterator
from collections.abc import Mapping as Table
from functools import cache
from typing import Annotated, ClassVar

from pydantic import Field, create_model

from scenario import syntax
from scenario.diagnostics import Diagnostic, did_you_mean, similar
from scenario.language.primitives import KINDS as CATALOGUE
from scenario.source import Span
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.readers.fields import Expr, Parsed, fields_of
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import described, mistyped, span_of
from scenario.spec.readers.shape import SURE
from scenario.spec.recovery import UNKNOWN, note
from scenario.spec.yaml.values import Mapping, Text, Value

# Field names here are the file's own keys: they are Python's parameter names.


class Primitive(Model):
    """A primitive; `span` is its whole value in the file (`Lock`, `{Semaphore: 3}`). Its fields are the catalogue's arguments."""

    kind: ClassVar[str]
    positional: ClassVar[str | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.kind = vars(cls).get("kind", cls.__name__)
        cls.called = f"`{cls.kind}`"
        cls.positional = next(iter(cls.__pydantic_fields__), None)

    @classmethod
    def of_unknown(cls, key: str, value: Value) -> str | None:
        """How many of them there are."""
        return _several(cls.kind, value) if key in _HOW_MANY else None

    def expr(self, key: str) -> syntax.Expr | None:
        """The argument, where it is given."""
        given: syntax.Expr | None = getattr(self, key)
        return given

    def name(self, key: str) -> str | None:
        """As `expr`."""
        given: str | None = getattr(self, key)
        return given

    def ref(self, key: str) -> syntax.Ref | None:
        """As `expr`."""
        given: syntax.Ref | None = getattr(self, key)
        return given

    def template(self, key: str) -> syntax.Template | None:
        """As `expr`."""
        given: syntax.Template | None = getattr(self, key)
        return given


@cache
def _model(kind: str) -> type[Primitive]:
    """The model of a kind of primitive, as the catalogue has it."""
    arguments = fields_of(CATALOGUE[kind].arguments)
    return create_model(kind, __base__=Primitive, __doc__=None, **arguments)


class Kinds(Table[str, type[Primitive]]):
    """Each kind's model, in the catalogue's order, made when it is first asked for."""

    def __getitem__(self, kind: str) -> type[Primitive]:
        return _model(kind)

    def __contains__(self, kind: object) -> bool:
        return kind in CATALOGUE

    def __iter__(self) -> Iterator[str]:
        return iter(CATALOGUE)

    def __len__(self) -> int:
        return len(CATALOGUE)


KINDS = Kinds()


def read_kind(value: object) -> Primitive:
    """`Lock`, `{Semaphore: 3}` or `{Semaphore: {value: 3}}`. Raises an error that carries diagnostics."""
    if isinstance(value, Text):
        return _known(value, value.span).read(_arguments(value.span))
    if not isinstance(value, Mapping):
        several = _several(value[0], len(value)) if isinstance(value, list) and value else None
        raise mistyped(value, "a primitive, as `Lock` or `{Semaphore: 3}`", several)
    kinds = list(value)
    if len(value) != 1:
        problem = fault(Diagnostic(codes.WRONG_TYPE, _one_kind(value), value.span, _one_kind_hint(value)))
        kinds = [key for key in value if key in KINDS]
        if len(kinds) != 1:
            raise problem
        note(problem)
    kind, argument = kinds[0], value[kinds[0]]
    model = _known(kind, value.key_spans[kind])
    return model.read(argument if isinstance(argument, Mapping) else _positional(model, argument))


_NO_INNER_ARRAY = "an array is written `{array: 5, of: Lock}`, and its elements are no arrays"
_HOW_MANY = frozenset({"count", "size", "number", "length", "n", "times", "elements"})
"""What those have written who mean an array."""


def _several(kind: object, number: object) -> str:
    """How an array of a kind is written; of what is none, of locks."""
    of = kind if isinstance(kind, str) else "Lock"
    size = number if isinstance(number, Text | int) else getattr(number, "raw", 5)
    return f"several are an array: `{{array: {str(size)[:20]}, of: {of[:20]}}}`"


def _one_kind(value: Mapping) -> str:
    return "a primitive has one kind; this mapping has " + (f"{len(value)} keys" if value else "none")


def _one_kind_hint(value: Mapping) -> str:
    kind = next((key for key in (*value, *value.values()) if isinstance(key, Text) and key in KINDS), "Semaphore")
    if "array" in value:
        return _NO_INNER_ARRAY
    if counted := next((key for key in value if key in _HOW_MANY), None):
        return _several(kind, value[counted])
    return f"write its arguments as a mapping below it: {{{kind}: {{…}}}}"


def _known(kind: object, span: Span) -> type[Primitive]:
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    hint = did_you_mean(str(kind), KINDS, f"kinds are {', '.join(KINDS)}")
    if kind == "array":
        hint = _NO_INNER_ARRAY
    problem = fault(Diagnostic(codes.UNKNOWN_KIND, f"unknown primitive `{str(kind)[:60]}`", span, hint))
    meant = similar(str(kind), KINDS, SURE)
    if meant is None:
        raise problem
    note(problem)
    return KINDS[meant]


def _positional(model: type[Primitive], argument: Value) -> Mapping:
    if model.positional is None:
        message = f"`{model.kind}` takes no arguments, found {described(argument)}"
        note(fault(Diagnostic(codes.WRONG_TYPE, message, span_of(argument), f"write it bare: `{model.kind}`")))
        return _arguments(span_of(argument))
    arguments = _arguments(span_of(argument))
    key = Text(model.positional, span_of(argument))
    arguments[key] = argument
    arguments.key_spans[key] = span_of(argument)
    return arguments


def _arguments(span: Span) -> Mapping:
    return Mapping(span)


class UnknownKind(Primitive):
    """Stands for a primitive that is broken: every verb goes with it."""

    kind: ClassVar[str] = UNKNOWN


class Array(Model):
    """`{array: 5, of: Lock}`: `of` may use `index` in its arguments."""

    called: ClassVar[str] = "an array"
    size: Expr = Field(alias="array")
    of: Annotated[Primitive, Parsed(read_kind, "kind", UnknownKind.model_construct())]


def read_primitive(value: object) -> Primitive | Array:
    """A primitive, or an array of them."""
    return Array.read(value) if isinstance(value, Mapping) and "array" in value else read_kind(value)
