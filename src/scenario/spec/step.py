"""What all steps have in common, and the step that is one call on one object: its model is made from the catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field, create_model

from scenario import syntax
from scenario.language.arguments import Argument
from scenario.language.verbs import VERBS
from scenario.spec.one_verb import is_modifier_too
from scenario.spec.readers.fields import Exception_, Ref, fields_of
from scenario.spec.readers.model import Model


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


class Models(Mapping[str, type[Step]]):
    """Each verb's model, in the catalogue's order; that of a verb on an object is made when it is first asked for.

    `own_forms`: those of the others, which may be entered later, for steps hold steps.
    """

    def __init__(self, own_forms: Mapping[str, type[Step]]) -> None:
        self._own_forms = own_forms
        self._on_objects: dict[str, type[Step]] = {}

    def __getitem__(self, verb: str) -> type[Step]:
        arguments = VERBS[verb].arguments
        if arguments is None:
            return self._own_forms[verb]
        if verb not in self._on_objects:
            self._on_objects[verb] = on_object(verb, arguments)
        return self._on_objects[verb]

    def __contains__(self, verb: object) -> bool:
        return verb in VERBS

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)

    def modifiers(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each key that is no verb (`timeout` is one with its body only) and the verbs that take it; no model is made for that."""
        keys = {verb: self._keys_of(verb) for verb in self}
        for key in sorted(frozenset().union(*keys.values()) - Step.known_keys):
            if key not in VERBS or (key in self._own_forms and is_modifier_too(self._own_forms[key])):
                yield key, tuple(verb for verb in self if key in keys[verb])

    def _keys_of(self, verb: str) -> frozenset[str]:
        arguments = VERBS[verb].arguments
        if arguments is None:
            return self._own_forms[verb].known_keys
        return frozenset({verb, *Step.known_keys, *(argument.name for argument in arguments)})


def on_object(verb: str, arguments: Iterable[Argument]) -> type[Step]:
    """The model of a verb that is one call on one object, as the catalogue has it."""
    ref: Any = (Ref, Field(alias=verb))
    return create_model(verb, __base__=OnObject, __doc__=None, ref=ref, **fields_of(arguments))
