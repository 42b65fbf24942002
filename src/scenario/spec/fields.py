"""The field types of the models: text of the file that is parsed while it is validated.

Before validation the document's strings, mappings and lists carry their spans (`document.Text`,
`document.Mapping`, `document.Sequence`), so the trees made here know where they stand in the file.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

from scenario import syntax
from scenario.source import START, Span
from scenario.spec import expressions


class Model(BaseModel):
    """A mapping of the file: unknown keys are errors; `span` is the mapping, `keys` its keys' values."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)
    # (the loader fills `span` and `keys` in: see load.py)


Expr: TypeAlias = Annotated[syntax.Expr, BeforeValidator(expressions.expr_field)]
Template: TypeAlias = Annotated[syntax.Template, BeforeValidator(expressions.template_field)]
Ref: TypeAlias = Annotated[syntax.Ref, BeforeValidator(expressions.ref_field)]
Target: TypeAlias = Annotated[syntax.Expr, BeforeValidator(expressions.target_field)]
Statement: TypeAlias = Annotated[syntax.Statement, BeforeValidator(expressions.statement_field)]
