"""What all steps have in common, and the step that is one call on one object: its model is made from the catalogue."""

from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import replace
from types import new_class
from typing import ClassVar

from scenario import syntax
from scenario.language.arguments import Argument
from scenario.spec.fields import Exception_, Field, Ref, fields_of
from scenario.spec.model import Model


class Step(Model):
    """A mapping step. Its verb's own value has a plain field name, aliased to the verb."""

    foreign_keys: ClassVar[dict[str, tuple[str, ...]]] = {}  # every modifier -> the verbs that take it
    verb: ClassVar[str]
    raises: Exception_ | None = None

    def __init_subclass__(cls, fields: Table[str, Field] | None = None) -> None:
        super().__init_subclass__(fields)
        own = next((field for name, field in cls.fields.items() if name != "raises"), None)
        if own is not None:
            cls.verb, cls.called = own.key, f"`{own.key}`"


class OnObject(Step):
    """One call on an object: its fields are the catalogue's arguments, the ref under the verb itself."""

    ref: Ref

    def argument(self, key: str) -> syntax.Expr | None:
        """What is given for it, if anything is."""
        given: syntax.Expr | None = getattr(self, key)
        return given


def on_object(verb: str, arguments: Iterable[Argument]) -> type[Step]:
    """The model of a verb that is one call on one object, as the catalogue has it."""
    fields = {"ref": replace(OnObject.fields["ref"], key=verb), **fields_of(arguments)}
    return new_class(verb, (OnObject,), {"fields": fields})
