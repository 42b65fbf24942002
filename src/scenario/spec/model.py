"""What all models share: read from a mapping of the document, with all its mistakes at once."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr

from scenario.diagnostics import Diagnostic
from scenario.source import Span
from scenario.spec import shape
from scenario.spec.faults import fault
from scenario.spec.recovery import anything, doubt, note
from scenario.spec.scalars import mistyped
from scenario.spec.values import Key, Mapping, Sequence

NOWHERE = Mapping()


class Model(BaseModel):
    """A mapping of the file. Field names are aliased to the file's keys; unknown keys are errors."""

    # The build of a validator is put off until a file uses the model: most files use few of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    called: ClassVar[str] = "mapping"
    written: ClassVar[str | None] = None  # how it is written, for who wrote something else
    required_keys: ClassVar[frozenset[str]]
    known_keys: ClassVar[frozenset[str]]
    foreign_keys: ClassVar[dict[str, tuple[str, ...]]] = {}  # keys of this model's siblings -> whose they are
    _mapping: Mapping = PrivateAttr(default_factory=lambda: NOWHERE)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        fields = {field.alias or name: field for name, field in cls.__pydantic_fields__.items()}
        cls.known_keys = frozenset(fields)
        cls.required_keys = frozenset(key for key, field in fields.items() if field.is_required())

    @property
    def span(self) -> Span:
        """Where the mapping stands."""
        return self._mapping.span

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
        model = cls.model_validate(shaped)
        model._mapping = shaped  # noqa: SLF001  (its own class)
        if contradictions := model.contradictions():
            note(fault(*contradictions))
        return model

    def contradictions(self) -> list[Diagnostic]:
        """What is wrong between the keys of this mapping (each of them is fine by itself)."""
        return []
