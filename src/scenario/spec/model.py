"""What all models share: read from a mapping of the document, with all its mistakes at once.

A model is a class with annotated fields, each with its reader. Our readers make every value and note every mistake, so
that nothing would be left for a library of models but to hold the fields, at half of a command's start.
"""

from collections.abc import Mapping as Table
from dataclasses import MISSING, FrozenInstanceError
from typing import ClassVar, Self, dataclass_transform, get_origin

from scenario.diagnostics import Diagnostic
from scenario.source import Span
from scenario.spec import shape
from scenario.spec.faults import fault
from scenario.spec.fields import Field, as_declared, field
from scenario.spec.recovery import anything, doubt, note
from scenario.spec.scalars import mistyped
from scenario.spec.values import Key, Mapping, Sequence

NOWHERE = Mapping()


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Model:
    """A mapping of the file. Field names are aliased to the file's keys; unknown keys are errors."""

    fields: ClassVar[Table[str, Field]] = {}
    called: ClassVar[str] = "mapping"
    written: ClassVar[str | None] = None  # how it is written, for who wrote something else
    required_keys: ClassVar[frozenset[str]]
    known_keys: ClassVar[frozenset[str]]
    foreign_keys: ClassVar[dict[str, tuple[str, ...]]] = {}  # keys of this model's siblings -> whose they are
    _mapping: Mapping = NOWHERE

    def __init_subclass__(cls, fields: Table[str, Field] | None = None) -> None:
        """With `fields` beside those of its annotations: a model that is made from the catalogue."""
        cls.fields = {**cls.fields, **_own_fields(cls), **(fields or {})}
        cls.known_keys = frozenset(field.key for field in cls.fields.values())
        cls.required_keys = frozenset(field.key for field in cls.fields.values() if field.is_required)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot change field {name!r}")

    @classmethod
    def from_values(cls, **values: object) -> Self:
        """The model with these values, past its readers; what is left out is what it is where its key is not written."""
        model = object.__new__(cls)
        vars(model).update({name: field.instead() for name, field in cls.fields.items() if not field.is_required})
        vars(model).update(values)
        return model

    def but(self, values: Table[str, object]) -> Self:
        """This one with other values of some fields."""
        return self.from_values(**{**vars(self), **values})

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

    def item_at(self, key: str, number: int) -> Span:
        """Where an item of the list under `key` stands."""
        items = self._mapping.get(key)
        return items[number].span if isinstance(items, Sequence) else self.at(key)

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
        vars(self)["_mapping"] = written

    @classmethod
    def validated(cls, values: Mapping | dict[str, object]) -> Self:
        """The model of these values by key, each read by its field's reader."""
        return cls.from_values(
            **{
                name: field.reader.read_field(values[field.key])
                for name, field in cls.fields.items()
                if field.key in values
            }
        )

    def contradictions(self) -> list[Diagnostic]:
        """What is wrong between the keys of this mapping (each of them is fine by itself)."""
        return []


def _own_fields(cls: type) -> dict[str, Field]:
    """Those that its annotations declare."""
    return {
        name: as_declared(name, annotation, vars(cls).get(name, MISSING))
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_") and not _is_of_the_class(annotation)
    }


def _is_of_the_class(annotation: object) -> bool:
    origin: object = get_origin(annotation)
    return origin is ClassVar
