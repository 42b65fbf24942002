"""Records: dataclasses with slots whose `__init__` is made when a class is first used.

Two hundred generated classes took a quarter of the start of every command, and a run uses few of them.
Slots, equality, hash and repr are as `dataclass(slots=True)` makes them (`field(compare=False)` counts);
that a `record` is frozen is the type checker's to say. `dataclasses.fields` and `replace` work on both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")
_NOT_OURS = ("__dict__", "__weakref__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_T]) -> type[_T]:
    """A frozen record: equal and hashed by its values."""
    return _made(cls, _hash)


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[_T]) -> type[_T]:
    """A record that changes: equal by its values, so without a hash."""
    return _made(cls, None)


def _made(cls: type[_T], hashed: Callable[[object], int] | None) -> type[_T]:
    """The class anew with slots (they can not be given later), its generated parts put off."""
    members = {name: value for name, value in cls.__dict__.items() if name not in _NOT_OURS}
    own = {name: kind for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)}
    plan = _Plan(own, {name: members.pop(name) for name in own if name in members}, cls)
    defaults: dict[str, object] = {"__eq__": _eq, "__hash__": hashed, "__repr__": _repr, "__init__": plan.init}
    if "__eq__" in members:
        defaults.pop("__hash__")
    remake: Any = type(cls)
    made: type[_T] = remake(
        cls.__name__,
        cls.__bases__,
        {
            **defaults,
            **members,
            "__slots__": tuple(own),
            "__match_args__": plan.positional,
            "__dataclass_fields__": plan,
            "_compared": _Compared(),
        },
    )
    plan.record = made
    return made


class _Plan:
    """What a record's generated parts are made from. In its place as a class's `__dataclass_fields__`, it makes them."""

    def __init__(self, own: dict[str, object], defaults: dict[str, object], cls: type) -> None:
        self._members = {"__annotations__": own, **defaults}
        self._bases = [
            plan for base in cls.__bases__ if isinstance(plan := vars(base).get("__dataclass_fields__"), _Plan)
        ]
        self._post_init = hasattr(cls, "__post_init__")
        self.record: Any = cls
        self._model: Any = None
        inherited: list[str] = [name for plan in self._bases for name in plan.positional]
        asked = [
            name
            for name in own
            if not (isinstance(of := defaults.get(name), Field) and (of.kw_only is True or not of.init))
        ]
        self.positional: tuple[str, ...] = tuple(dict.fromkeys(inherited + asked))
        plan = self

        def init(self: object, *args: object, **values: object) -> None:
            made = plan.record.__init__ = plan.model.__init__
            made(self, *args, **values)

        self.init = init

    @property
    def model(self) -> Any:
        """A dataclass with the same fields, for its `__init__` and fields."""
        if self._model is None:
            members = dict(self._members)
            if self._post_init:
                members["__post_init__"] = None  # there for `dataclass` to see; the record's own is called
            bases = tuple(plan.model for plan in self._bases) or (object,)
            self._model = dataclass(eq=False, repr=False)(type(self.record.__name__, bases, members))
            self._model.__init__.__qualname__ = f"{self.record.__qualname__}.__init__"
        return self._model

    def __get__(self, instance: object, owner: type) -> dict[str, Field[Any]]:
        fields: dict[str, Field[Any]] = self.model.__dataclass_fields__
        return fields


class _Compared:
    """Class attribute: record -> its compared values as one value, made when it is first asked for."""

    def __get__(self, instance: object, owner: Any) -> Callable[[object], object]:
        values = attrgetter(*compared(owner) or ("__class__",))
        owner._compared = values  # noqa: SLF001
        return values


def compared(cls: Any) -> tuple[str, ...]:
    """The fields of a record that take part in equality."""
    return tuple(name for name, of in cls.__dataclass_fields__.items() if of.compare)


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:
    return hash((type(self), self._compared(self)))


def _repr(self: Any) -> str:
    values = (f"{name}={getattr(self, name)!r}" for name, of in self.__dataclass_fields__.items() if of.repr)
    return f"{type(self).__qualname__}({', '.join(values)})"
