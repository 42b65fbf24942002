"""What stands for an attribute or an item in the target of an assignment: its `value` is loaded, stored or deleted by a gate."""

from __future__ import annotations

from typing import Protocol


class Subject(Protocol):
    """What has items."""

    def __getitem__(self, index: object, /) -> object: ...
    def __setitem__(self, index: object, value: object, /) -> None: ...
    def __delitem__(self, index: object, /) -> None: ...


class Access(Protocol):
    """The gates that slots use."""

    def get(self, number: int, value: object, name: str) -> object: ...
    def getitem(self, number: int, value: object, index: object) -> object: ...
    def before_change(self, number: int, value: object, name: str, new: object) -> None: ...
    def set_item(self, number: int, value: object, index: object, new: object) -> None: ...
    def delete_item(self, number: int, value: object, index: object) -> None: ...


class AttributeSlot:
    """An attribute of an object."""

    __slots__ = ("_gates", "_name", "_object", "_read", "_write")

    def __init__(self, gates: Access, read: int, write: int, value: object, name: str) -> None:
        self._gates, self._read, self._write, self._object, self._name = gates, read, write, value, name

    @property
    def value(self) -> object:
        return self._gates.get(self._read, self._object, self._name)

    @value.setter
    def value(self, new: object) -> None:
        self._gates.before_change(self._write, self._object, self._name, new)
        setattr(self._object, self._name, new)

    @value.deleter
    def value(self) -> None:
        self._gates.before_change(self._write, self._object, self._name, None)
        delattr(self._object, self._name)


class ItemSlot:
    """An item of a container, or of an object that has some."""

    __slots__ = ("_gates", "_index", "_object", "_read", "_write")

    def __init__(self, gates: Access, read: int, write: int, value: object, index: object) -> None:
        self._gates, self._read, self._write, self._object, self._index = gates, read, write, value, index

    @property
    def value(self) -> object:
        return self._gates.getitem(self._read, self._object, self._index)

    @value.setter
    def value(self, new: object) -> None:
        self._gates.set_item(self._write, self._object, self._index, new)

    @value.deleter
    def value(self) -> None:
        self._gates.delete_item(self._write, self._object, self._index)
