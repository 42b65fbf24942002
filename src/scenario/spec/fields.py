"""The field types of the models: text of the file that is parsed while it is validated.

Before validation the document's strings, mappings and lists carry their spans (`values.Text`,
`values.Mapping`, `values.Sequence`), so the trees made here know where they stand in the file.
A field's annotation carries a reader (`Parsed`, `Many`, `Table`): pydantic calls it and never looks at
the type itself, which keeps the schema of each model a handful of nodes and its build cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from scenario import syntax
from scenario.spec import expressions, scalars
from scenario.spec.values import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Parsed:
    """A field that `read` makes from the document's value. `kind` names it for the JSON Schema."""

    read: Callable[[Any], object]
    kind: str = ""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)


@dataclass(frozen=True, slots=True)
class Many:
    """A tuple field: a list of the file, each item made by `read`; `what` names the list in messages."""

    read: Callable[[Any], object]
    kind: str
    what: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        items = core_schema.tuple_variable_schema(core_schema.no_info_plain_validator_function(self.read))
        return core_schema.no_info_before_validator_function(self._list, items)

    def _list(self, value: object) -> Sequence:
        if not isinstance(value, Sequence):
            raise scalars.mistyped(value, self.what)
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """A dict field: a mapping of the file, keys checked by `key`, values made by `read`."""

    read: Callable[[Any], object]
    kind: str
    what: str
    key: Callable[[Any], str] = scalars.name_field

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        entries = core_schema.dict_schema(
            core_schema.no_info_plain_validator_function(self.key),
            core_schema.no_info_plain_validator_function(self.read),
        )
        return core_schema.no_info_before_validator_function(self._mapping, entries)

    def _mapping(self, value: object) -> Mapping:
        if not isinstance(value, Mapping):
            raise scalars.mistyped(value, self.what)
        return scalars.with_text_keys(value)


Expr: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.expr_field, "expr")]
Template: TypeAlias = Annotated[syntax.Template, Parsed(expressions.template_field, "template")]
Ref: TypeAlias = Annotated[syntax.Ref, Parsed(expressions.ref_field, "ref")]
Refs: TypeAlias = Annotated[tuple[syntax.Ref, ...], Parsed(expressions.refs_field, "refs")]
Target: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.target_field, "target")]
ReturnWhen: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.return_when_field, "return_when")]
CancelTarget: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.cancel_field, "cancel")]
Statement: TypeAlias = Annotated[syntax.Statement, Parsed(expressions.statement_field, "statement")]
Constant: TypeAlias = Annotated[syntax.Expr, Parsed(expressions.constant_field, "constant")]
Claim: TypeAlias = Annotated[expressions.Claim, Parsed(expressions.claim_field, "claim")]
Claims: TypeAlias = Annotated[
    tuple[expressions.Claim, ...], Many(expressions.claim_field, "claims", "a list of expressions")
]
Args: TypeAlias = Annotated[dict[str, syntax.Expr] | tuple[syntax.Expr, ...], Parsed(expressions.args_field, "args")]
NamedArgs: TypeAlias = Annotated[
    dict[str, syntax.Expr], Table(expressions.expr_field, "named_args", "a mapping of arguments by parameter name")
]
Name: TypeAlias = Annotated[str, Parsed(scalars.name_field, "name")]
Names: TypeAlias = Annotated[tuple[str, ...], Many(scalars.name_field, "names", "a list of names")]
Line: TypeAlias = Annotated[str, Parsed(scalars.text_field, "text")]
Lines: TypeAlias = Annotated[tuple[str, ...], Many(scalars.text_field, "lines", "a list of texts")]
Exception_: TypeAlias = Annotated[str, Parsed(scalars.exception_field, "exception")]
