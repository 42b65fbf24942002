"""The field types of the models: text of the file that is parsed while it is validated.

Before validation the document's strings, mappings and lists carry their spans (`values.Text`,
`values.Mapping`, `values.Sequence`), so the trees made here know where they stand in the file.
A field's annotation carries a reader (`Parsed`, `Many`, `Table`): pydantic calls it and never looks at
the type itself (see `model._validator`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeAlias, get_args

from pydantic.fields import FieldInfo

from scenario import syntax
from scenario.language.arguments import Argument, Reading
from scenario.record import record
from scenario.spec.readers import expressions, scalars
from scenario.spec.recovery import (
    UNKNOWN,
    UNKNOWN_EXPR,
    UNKNOWN_REF,
    Declares,
    anything,
    doubt,
    forgiven,
    nothing,
)
from scenario.spec.yaml.values import Mapping, Sequence


@record
class Parsed:
    """A field that `read` makes from the document's value.

    `kind` names it for the JSON Schema, `instead` stands in for a value that is broken, `declares` says which names
    such a value may have declared.
    """

    read: Callable[[object], object]
    kind: str = ""
    instead: object = None
    declares: Declares = nothing

    def read_field(self, value: object) -> object:
        """What the field becomes; a mistake is noted."""
        return forgiven(self.read, value, self.instead, self.declares)


@record
class Many:
    """A tuple field: a list of the file, each item made by `read`; `what` names the list in messages.

    A broken item is left out, or `instead` stands for it; `declares` is asked of broken items. `of_mapping`: how
    the list is written, for who wrote a mapping.
    """

    read: Callable[[object], object]
    kind: str
    what: str
    instead: object = None
    declares: Declares = nothing
    of_mapping: Callable[[Mapping], str | None] = scalars.no_list

    def read_field(self, value: object) -> tuple[object, ...]:
        """What the field becomes; a mistake is noted."""
        return forgiven(self._items, value, (), anything)

    def _items(self, value: object) -> tuple[object, ...]:
        if not isinstance(value, Sequence):
            raise scalars.mistyped(value, self.what, self._as_list(value))
        items = [forgiven(self.read, item, self.instead, self.declares) for item in value]
        return tuple([item for item in items if item is not None])

    def _as_list(self, value: object) -> str | None:
        """How to write a list of what stands alone."""
        match value:
            case Mapping() if value:
                return self.of_mapping(value)
            case _:
                return scalars.list_of_one(value)


@record
class Table:
    """A dict field: a mapping of the file, keys checked by `key`, values made by `read`.

    `instead` makes what stands for a broken value; a broken key becomes an unknown name. `written` is an example.
    """

    read: Callable[[object], object]
    kind: str
    what: str
    written: str
    instead: Callable[[], object]
    key: Callable[[object], str] = scalars.name_field

    def read_field(self, value: object) -> object:
        """What the field becomes; a mistake is noted."""
        return forgiven(self._entries, value, {}, anything)

    def _entries(self, value: object) -> dict[str, object]:
        if not isinstance(value, Mapping):
            raise scalars.mistyped(value, self.what, f"write a mapping: `{self.written}`")
        for left_out in value.dropped:
            doubt(anything(left_out))
        return {
            scalars.key_field(value, key, number, self.key): self._value(item)
            for number, (key, item) in enumerate(value.items())
        }

    def _value(self, item: object) -> object:
        made = forgiven(self.read, item, None, anything)
        return self.instead() if made is None else made


def reader_of(field: FieldInfo) -> Parsed | Many | Table:
    """The reader in a field's annotation, also where it is optional."""
    inner = [item for argument in get_args(field.annotation) for item in getattr(argument, "__metadata__", ())]
    return next(item for item in [*field.metadata, *inner] if isinstance(item, Parsed | Many | Table))


UNKNOWN_CLAIM = expressions.Claim(UNKNOWN, UNKNOWN_EXPR)

Expr: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.expr_field, "expr", UNKNOWN_EXPR)]
Template: TypeAlias = Annotated[syntax.Template, Parsed(expressions.template_field, "template", syntax.Template(()))]
Ref: TypeAlias = Annotated[syntax.Ref, Parsed(expressions.ref_field, "ref", UNKNOWN_REF)]
Refs: TypeAlias = Annotated[tuple[syntax.Ref, ...], Parsed(expressions.refs_field, "refs", (UNKNOWN_REF,))]
Target: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.target_field, "target", UNKNOWN_EXPR, anything)]
ReturnWhen: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.return_when_field, "return_when", UNKNOWN_EXPR)]
CancelTarget: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.cancel_field, "cancel", UNKNOWN_EXPR)]
Claim: TypeAlias = Annotated[expressions.Claim, Parsed(expressions.claim_field, "claim", UNKNOWN_CLAIM)]
Claims: TypeAlias = Annotated[
    tuple[expressions.Claim, ...],
    Many(expressions.claim_field, "claims", "a list of expressions", of_mapping=scalars.equations),
]
Args: TypeAlias = Annotated[
    dict[str, syntax.Expr] | tuple[syntax.Expr, ...],
    Parsed(expressions.args_field, "args", (UNKNOWN_EXPR,)),
]
NamedArgs: TypeAlias = Annotated[
    dict[str, syntax.Expr],
    Table(
        expressions.expr_field,
        "named_args",
        "a mapping of arguments by parameter name",
        "{n: 3}",
        instead=lambda: UNKNOWN_EXPR,
    ),
]
Name: TypeAlias = Annotated[str, Parsed(scalars.name_field, "name", UNKNOWN)]
Names: TypeAlias = Annotated[tuple[str, ...], Many(scalars.name_field, "names", "a list of names", UNKNOWN, anything)]
Line: TypeAlias = Annotated[str, Parsed(scalars.text_field, "text", "")]
Lines: TypeAlias = Annotated[tuple[str, ...], Many(scalars.text_field, "lines", "a list of texts")]
Exception_: TypeAlias = Annotated[str, Parsed(scalars.exception_field, "exception", UNKNOWN)]

_READINGS: dict[Reading, Any] = {
    "expr": Expr, "value": Expr, "target": Target, "ref": Ref, "name": Name, "template": Template,
}  # fmt: skip


def fields_of(arguments: Iterable[Argument]) -> dict[str, Any]:
    """The fields of a model that takes these arguments, as `create_model` wants them."""
    return {
        argument.name: (_READINGS[argument.reading], ...)
        if argument.is_required
        else (_READINGS[argument.reading] | None, None)
        for argument in arguments
    }
