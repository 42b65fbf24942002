"""What all steps have in common, and the step that is one call on one object: its model is made from the catalogue."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import Field, create_model

from scenario import syntax
from scenario.language.arguments import Argument
from scenario.spec.fields import Exception_, Ref, fields_of
from scenario.spec.model import Model


class Step(Model):
    """A mapping step. Its verb's own value has a plain field name, aliased to the verb."""

    foreign_keys: ClassVar[dict[str, tuple[str, ...]]] = {}  # every modifier -> the verbs that take it
    verb: ClassVar[str]
    raises: Exception_ | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        own = next((field for name, field in cls.__pydantic_fields__.items() if name != "raises"), None)
        if own is not None and own.alias is not None:
            cls.verb, cls.called = own.alias, f"`{own.alias}`"


class OnObject(Step):
    """One call on an object: its fields are the catalogue's arguments, the ref under the verb itself."""

    ref: Ref

    def argument(self, key: str) -> syntax.Expr | None:
        """What is given for it, if anything is."""
        given: syntax.Expr | None = getattr(self, key)
        return given


def on_object(verb: str, arguments: Iterable[Argument]) -> type[Step]:
    """The model of a verb that is one call on one object, as the catalogue has it."""
    ref: Any = (Ref, Field(alias=verb))
    return create_model(verb, __base__=OnObject, __doc__=None, ref=ref, **fields_of(arguments))
