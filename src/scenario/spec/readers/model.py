"""What all models share: read from a mapping of the document, with all its mistakes at once."""

from functools import cache
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr
from pydantic.fields import FieldInfo
from pydantic_core import SchemaValidator, core_schema

from scenario.diagnostics import Diagnostic
from scenario.source import Span
from scenario.spec.faults import fault
from scenario.spec.readers import shape
from scenario.spec.readers.fields import reader_of
from scenario.spec.readers.scalars import mistyped
from scenario.spec.recovery import anything, doubt, note
from scenario.spec.yaml.values import Key, Mapping, Sequence, Value

NOWHERE = Mapping()


class Model(BaseModel):
    """A mapping of the file. Field names are aliased to the file's keys; unknown keys are errors."""

    # `_validator` takes the place of the one that pydantic would build.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    called: ClassVar[str] = "mapping"
    written: ClassVar[str | None] = None  # how it is written, for who wrote something else
    required_keys: ClassVar[frozenset[str]]
    known_keys: ClassVar[frozenset[str]]
    foreign_keys: ClassVar[dict[str, tuple[str, ...]]] = {}  # keys of this model's siblings -> whose they are
    _mapping: Mapping = PrivateAttr(default_factory=lambda: NOWHERE)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        fields = {field.alias or name: field for name, field in cls.__pydantic_fields__.items()}
        cls.known_keys = frozenset(fields)
        cls.required_keys = frozenset(key for key, field in fields.items() if field.is_required())

    @classmethod
    def of_unknown(cls, _key: str, _value: Value) -> str | None:
        """See `Shaped`."""
        return None

    @property
    def span(self) -> Span:
        """Where the mapping stands."""
        return self._mapping.span

    @property
    def document(self) -> Mapping:
        """The mapping of the file that it was read from."""
        return self._mapping

    @property
    def keys(self) -> dict[Key, Span]:
        """Each key as written -> where its value stands."""
        return {key: value.span for key, value in self._mapping.items()}

    @property
    def key_spans(self) -> dict[Key, Span]:
        """Each key as written -> where the key itself stands."""
        return self._mapping.key_spans

    def at(self, key: str) -> Span:
        """Where the value of `key` stands; where the mapping stands if the key is not written."""
        value = self._mapping.get(key)
        return self._mapping.span if value is None else value.span

    def entry(self, key: str, name: str) -> Span:
        """Where the key `name` stands in the table under `key`."""
        table = self._mapping.get(key)
        return table.key_spans.get(name, table.span) if isinstance(table, Mapping) else self.at(key)

    def item_at(self, key: str, *numbers: int) -> Span:
        """Where an item of the list under `key` stands, or an item of that item."""
        found = self._mapping.get(key)
        for number in numbers:
            if not isinstance(found, Sequence):
                return self.at(key)
            found = found[number]
        return self.at(key) if found is None else found.span

    def item_entry(self, key: str, number: int, name: str) -> Span:
        """Where the key `name` stands in the table that is an item of the list under `key`."""
        items = self._mapping.get(key)
        table = items[number] if isinstance(items, Sequence) else None
        return table.key_spans.get(name, table.span) if isinstance(table, Mapping) else self.at(key)

    @classmethod
    def read(cls, value: object) -> Self:
        """The model of a document's mapping. Mistakes are noted where `recovery.forgiving`, else the first is raised."""
        if not isinstance(value, Mapping):
            raise mistyped(value, cls.called, cls.written and f"write a mapping: `{cls.written}`")
        shaped = shape.shaped(value, cls)
        for left_out in value.dropped:
            doubt(anything(left_out))
        model = cls.validated(shaped)
        model.stand_as(shaped)
        if contradictions := model.contradictions():
            note(fault(*contradictions))
        return model

    def stand_as(self, written: Mapping) -> None:
        """It was read from this mapping, which knows where all of it stands."""
        self._mapping = written

    @classmethod
    def validated(cls, values: Mapping | dict[str, object]) -> Self:
        """The model of these values by key, each read by its field's reader."""
        model: Self = _validator(cls).validate_python(values)
        return model

    def contradictions(self) -> list[Diagnostic]:
        """What is wrong between the keys of this mapping (each of them is fine by itself)."""
        return []


@cache
def _validator(model: type[Model]) -> SchemaValidator:
    """The validator of a model, built when a file first uses it.

    Each field is read by one function, so the schema is written here: to import pydantic's generator of
    schemas would cost a tenth of a start.
    """
    fields = {name: _field_schema(name, field) for name, field in model.__pydantic_fields__.items()}
    content = core_schema.model_fields_schema(fields, extra_behavior="forbid")
    return SchemaValidator(core_schema.model_schema(model, content, post_init=model.__pydantic_post_init__))


def _field_schema(name: str, field: FieldInfo) -> core_schema.ModelField:
    read: core_schema.CoreSchema = core_schema.no_info_plain_validator_function(reader_of(field).read_field)
    if not field.is_required():
        default = (
            {"default": field.default} if field.default_factory is None else {"default_factory": field.default_factory}
        )
        read = core_schema.with_default_schema(read, **default)
    return core_schema.model_field(read, validation_alias=field.alias or name)
