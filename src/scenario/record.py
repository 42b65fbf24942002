"""Records: dataclasses with slots whose `__init__` is made when a class is first used.

Two hundred generated classes took a quarter of the start of every command, and a run uses few of them.
Slots, equality, hash and repr are as `dataclass(slots=True)` makes them (`field(...)` counts); `dataclasses.fields`
and `dataclasses.replace` work on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from functools import cached_property
from operator import attrgetter
from types import FunctionType
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")
_NOT_OURS = ("__dict__", "__weakref__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_T]) -> type[_T]:
    """A frozen record: equal and hashed by its values."""
    return _made(cls, _FROZEN)


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[_T]) -> type[_T]:
    """A record that changes: equal by its values, so without a hash."""
    return _made(cls, _MUTABLE)


def compared(cls: type) -> tuple[str, ...]:
    """The fields of a record that take part in equality."""
    return _plan_of(cls).compared


def values_of(one: object) -> object:
    """The compared values of a record: a tuple of them, or the only one."""
    return _plan_of(type(one)).values(one)


def field_names(cls: type) -> tuple[str, ...]:
    """All fields of a record, in order."""
    return _plan_of(cls).names


def rebuilt(cls: type[_T], values: Sequence[object]) -> _T:
    """A record with the values of all its fields, past its `__init__`, which then need not be made. Raises ValueError."""
    made = object.__new__(cls)
    for name, value in zip(field_names(cls), values, strict=True):
        object.__setattr__(made, name, value)
    return made


def _made(cls: type[_T], methods: dict[str, object]) -> type[_T]:
    """The class anew with slots (they can not be given later), its generated parts put off."""
    members = {name: value for name, value in cls.__dict__.items() if name not in _NOT_OURS}
    own = {name: kind for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)}
    plan = _Plan(own, {name: members.pop(name, MISSING) for name in own}, cls)
    remake: Any = type(cls)
    made: type[_T] = remake(
        cls.__name__,
        cls.__bases__,
        {
            **methods,
            "__init__": plan.first_init(),
            **members,
            "__slots__": tuple(own),
            "_plan": plan,
        },
    )
    plan.make_for(made)
    return made


def _plan_of(cls: Any) -> _Plan:
    plan: _Plan = cls._plan
    return plan


class _Plan:
    """What a record's generated parts are made from: its own fields and the plans of its bases."""

    def __init__(self, own: dict[str, object], defaults: dict[str, object], cls: type) -> None:
        self._annotations, self._defaults = own, defaults
        self._bases: list[_Plan] = [vars(base)["_plan"] for base in cls.__bases__ if "_plan" in vars(base)]
        self.record: Any = cls

    def make_for(self, cls: type) -> None:
        """The class that has it, which is made after it."""
        self.record = cls

    def fields(self) -> Iterator[tuple[str, object]]:
        """Each field, those of the bases first, with its default, its `field(...)` or MISSING."""
        merged: dict[str, object] = {}
        for plan in self._bases:
            merged.update(plan.fields())
        return iter({**merged, **self._defaults}.items())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those of all fields."""
        return tuple([name for name, _ in self.fields()])

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """The names of those that may be given by their places."""
        return tuple([name for name, of in self.fields() if _is_positional(of)])

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The names of those that take part in equality."""
        return tuple([name for name, of in self.fields() if not isinstance(of, Field) or of.compare])

    @cached_property
    def values(self) -> Callable[[object], object]:
        """What takes those out of a record, as one value."""
        return attrgetter(*self.compared or ("__class__",))

    def first_init(self) -> Callable[..., None]:
        """An `__init__` that makes the real one and gives way to it."""

        def init(self_: object, *args: object, **values: object) -> None:
            made = self.record.__init__ = self._init()
            made(self_, *args, **values)

        return init

    def _init(self) -> Callable[..., None]:
        names: dict[str, object] = {"MISSING": MISSING}
        is_frozen = self.record.__setattr__ is _no_change
        positional, keywords, body = ["self"], ["*"], []
        for name, of in self.fields():
            default, factory = (of.default, of.default_factory) if isinstance(of, Field) else (of, MISSING)
            if isinstance(of, Field) and not of.init:
                continue
            names[f"default_{name}"], names[f"make_{name}"] = default, factory
            parameter = name
            if default is not MISSING:
                parameter = f"{name}=default_{name}"
            elif factory is not MISSING:
                parameter = f"{name}=MISSING"
            (positional if _is_positional(of) else keywords).append(parameter)
            made = f"make_{name}() if {name} is MISSING else {name}" if factory is not MISSING else name
            names[f"set_{name}"] = getattr(self.record, name).__set__
            body.append(f" set_{name}(self, {made})\n" if is_frozen else f" self.{name} = {made}\n")
        if hasattr(self.record, "__post_init__"):
            body.append(" self.__post_init__()\n")
        parameters = ", ".join(positional + (keywords if len(keywords) > 1 else []))
        exec(f"def __init__({parameters}):\n{''.join(body) or ' pass'}", names)  # noqa: S102 (names of our own fields)
        init = names["__init__"]
        assert isinstance(init, FunctionType)
        init.__qualname__ = f"{self.record.__qualname__}.__init__"
        return init

    def annotations(self) -> dict[str, object]:
        """Each field as it is annotated, those of the bases first."""
        merged: dict[str, object] = {}
        for plan in self._bases:
            merged.update(plan.annotations())
        return {**merged, **self._annotations}

    def as_dataclass(self) -> Any:
        """A dataclass with the same fields, for what the standard library asks of one: without methods, which cost a start more."""
        members = {name: of for name, of in self.fields() if of is not MISSING}
        members |= {"__annotations__": self.annotations(), "__doc__": "else a signature is made, to be it"}
        return dataclass(init=False, repr=False, eq=False, match_args=False)(type(self.record.__name__, (), members))


def _is_positional(of: object) -> bool:
    return not isinstance(of, Field) or (of.init and of.kw_only is not True)


class _DataclassFields:
    """Class attribute `__dataclass_fields__`, made when it is first asked for."""

    def __get__(self, _instance: object, cls: type) -> dict[str, Field[object]]:
        fields: dict[str, Field[object]] = _plan_of(cls).as_dataclass().__dataclass_fields__
        type.__setattr__(cls, "__dataclass_fields__", fields)
        return fields


class _MatchArgs:
    """Class attribute `__match_args__`, made when a pattern first asks for it."""

    def __get__(self, _instance: object, cls: type) -> tuple[str, ...]:
        names = _plan_of(cls).positional
        type.__setattr__(cls, "__match_args__", names)
        return names


class _Compared:
    """Class attribute: record -> its compared values as one value, made when it is first asked for."""

    def __get__(self, _instance: object, cls: type) -> Callable[[object], object]:
        values = _plan_of(cls).values
        type.__setattr__(cls, "_compared", values)
        return values


def _eq(self: Any, other: Any) -> object:
    if type(other) is not type(self):
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:
    return hash((type(self), self._compared(self)))


def _repr(self: Any) -> str:
    shown = [name for name, of in self._plan.fields() if not isinstance(of, Field) or of.repr]
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _no_change(_self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _set_state(self: object, state: tuple[None, dict[str, object]]) -> None:
    """What a copy or a pickle holds, past `_no_change`."""
    for name, value in state[1].items():
        object.__setattr__(self, name, value)


_MUTABLE: dict[str, object] = {
    "__eq__": _eq, "__hash__": None, "__repr__": _repr,
    "__match_args__": _MatchArgs(), "__dataclass_fields__": _DataclassFields(), "_compared": _Compared(),
}  # fmt: skip
_FROZEN: dict[str, object] = {
    **_MUTABLE, "__hash__": _hash, "__setattr__": _no_change, "__delattr__": _no_change, "__setstate__": _set_state,
}  # fmt: skip
