"""What reading or writing an attribute touches: the object's own, its classes', or nothing where code of a property does it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from queue import Queue
from threading import Barrier
from types import CellType, FrameType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType

from scenario.engines.code.operation import Location, Touches, content
from scenario.engines.code.runtime.caches import property_of
from scenario.engines.code.runtime.kinds import CONTAINERS, Kinds
from scenario.engines.code.runtime.library import of_module, of_object
from scenario.engines.code.runtime.reach import ALL, reached

METHODS = (FunctionType, classmethod, staticmethod, type(len), type(str.join), type("".__len__), type(str.__len__))
NOWHERE = object()
RAISED = frozenset({"__cause__", "__context__", "__suppress_context__", "__traceback__"})
"""Attributes of an exception that raising it changes, which is no access."""
OF_QUEUES = frozenset({"not_empty", "not_full", "all_tasks_done"})
IDENTITY = frozenset({"ident", "native_id"})
"""Attributes of a thread that real ones alone have."""
INSIDE = frozenset({"cell_contents", "f_locals", "f_globals", "f_builtins"})
SPECIAL = frozenset({"__dict__", "__class__", *RAISED, *IDENTITY, *OF_QUEUES})
"""Attributes that objects of some class have for more than themselves."""
CALLED = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__dict__"})


class Unseen(Exception):
    """An access whose counterparts no gate sees."""


class Fields:
    """`assigned`: the globals whose every use has a gate."""

    def __init__(self, kinds: Kinds, assigned: Collection[Location]) -> None:
        self._kinds, self._assigned = kinds, assigned
        self._sides: dict[tuple[type, str], tuple[bool, bool, Touches]] = {}
        self._plain: dict[tuple[type, str], tuple[Touches | None, bool]] = {}
        self._changed: set[type] = set()

    def plainly(self, kind: type, name: str) -> tuple[Touches | None, bool]:
        """Of an attribute that is an object's own and nothing else: what of its classes reading it touches; whether writing it touches it alone.

        None, and False: `read` and `written` know more.
        """
        key = (kind, name)
        found = self._plain.get(key)
        if found is None:
            found = self._plainly(kind, name)
            if self._changed.isdisjoint(kind.__mro__):
                self._plain[key] = found
        return found

    def _plainly(self, kind: type, name: str) -> tuple[Touches | None, bool]:
        if self._kinds.of_type(kind) != "own" or name in SPECIAL:
            return None, False
        if property_of(kind, name) is not None:
            return None, False
        own, foreign, classes = self._sides_of(kind, name)
        return (classes if own else None), own and not foreign and not self._kinds.is_mixed(kind)

    def read(self, value: object, name: str) -> Touches:
        """What `value.name` touches."""
        match self._kinds.of(value):
            case "module":
                return ((_global(value, name), False), *of_module(value))
            case "class":
                return _read_of_class(value, name)
            case "plain" if isinstance(value, FunctionType):
                return _read_of_function(value, name)
            case "view" if name.startswith("gi_"):
                raise Unseen(f"{name}, by which the inside of a generator is reached unseen")
            case "view" if isinstance(value, memoryview):
                return ((content(value), False),)
            case "plain" if isinstance(value, super):
                return _read_of_super(value, name)
            case "foreign" | "own" if isinstance(value, Queue) and name in OF_QUEUES:
                raise Unseen(f"{name} of a Queue, which is not explored")
            case "own":
                return self._read_of_object(value, name)
            case "container" if type(value) not in CONTAINERS:
                return self._read_of_object(value, name)
            case "foreign" if isinstance(value, Barrier) and name in ("broken", "n_waiting"):
                raise Unseen(f"{name} of a Barrier, which is not explored")
            case "foreign" if isinstance(value, CellType | FrameType) and name in INSIDE:
                raise Unseen(f"{name}, by which variables are reached unseen")
            case "foreign":
                return self._read_of_foreign(value, name)
            case _:
                return ()

    def _read_of_object(self, value: object, name: str) -> Touches:
        if name == "__dict__":
            raise Unseen("__dict__ of an object, through which its attributes are reached unseen")
        if name in RAISED and isinstance(value, BaseException):
            return ALL
        own, foreign, classes = self._sides_of(type(value), name)
        if own:
            return (((id(value), name), False), *classes)
        return ((content(value), False),) if foreign else ()

    def _read_of_foreign(self, value: object, name: str) -> Touches:
        if name in RAISED and isinstance(value, BaseException):
            return ALL
        own, foreign, _ = self._sides_of(type(value), name)
        if foreign:
            return reached(self._kinds, (value,))
        found = _looked_up(type(value).__mro__, name)[1]
        return of_object(value) if own and not isinstance(found, METHODS) else ()

    def _sides_of(self, kind: type, name: str) -> tuple[bool, bool, Touches]:
        """Whether the object's own attribute counts, or code without gates computes it; what of its classes counts."""
        key = (kind, name)
        sides = self._sides.get(key)
        if sides is None:
            sides = self._found(kind, name)
            if self._changed.isdisjoint(kind.__mro__):  # else it may be put back, or changed again
                self._sides[key] = sides
        return sides

    def _found(self, kind: type, name: str) -> tuple[bool, bool, Touches]:
        owner, found = _looked_up(kind.__mro__, name)
        if owner is None:
            return True, False, _classes(kind.__mro__[:-1], name)
        is_own = self._kinds.is_own_class(owner)
        if isinstance(found, MemberDescriptorType) and is_own:
            return True, False, ()
        if isinstance(found, GetSetDescriptorType | MemberDescriptorType):
            return False, not name.startswith("__"), ()
        if isinstance(found, METHODS):
            return True, False, ()
        if hasattr(type(found), "__set__"):
            return False, not is_own, ()
        return True, False, _classes(kind.__mro__[: kind.__mro__.index(owner) + 1], name)

    def written(self, value: object, name: str) -> Touches:
        """What `value.name = …` and `del value.name` touch. Raises Unseen."""
        match self._kinds.of(value):
            case "module":
                return self._written_of_module(value, name)
            case "class":
                return self._written_of_class(value, name)
            case "plain" if isinstance(value, FunctionType):
                if name in CALLED:
                    raise Unseen(f"{name} of a function, whose calls are taken to be always the same")
                return ((content(value), True),)
            case "own" | "container":
                return self._written_of_object(value, name)
            case "foreign" if isinstance(value, CellType):
                raise Unseen(f"{name}, by which variables are reached unseen")
            case "foreign":
                return of_object(value, changes=True)
            case _:
                return ()

    def _written_of_object(self, value: object, name: str) -> Touches:
        if name in ("__class__", "__dict__"):
            raise Unseen(f"{name} of an object")
        own, foreign, _ = self._sides_of(type(value), name)
        mixed = foreign or (own and self._kinds.of(value) == "own" and self._kinds.is_mixed(type(value)))
        mine: Touches = (((id(value), name), True),) if own else ()
        return (*mine, (content(value), True)) if mixed else mine

    def _written_of_module(self, value: object, name: str) -> Touches:
        assert isinstance(value, ModuleType)
        if _global(value, name) not in self._assigned:
            raise Unseen(f"global {value.__name__}.{name} from outside of its module, where its readers are not seen")
        return ((_global(value, name), True),)

    def _written_of_class(self, value: object, name: str) -> Touches:
        assert isinstance(value, type)
        found = _looked_up(value.__mro__, name)[1]
        if isinstance(found, METHODS) or hasattr(type(found), "__set__") or name.startswith("__"):
            raise Unseen(f"method {value.__name__}.{name}, whose calls are taken to be always the same")
        self._changed.add(value)
        self._sides.clear()
        self._plain.clear()
        return (((id(value), name), True),)


def _read_of_function(value: object, name: str) -> Touches:
    if name in ("__dict__", "__globals__", "__kwdefaults__"):
        raise Unseen(f"{name} of a function, through which what it works with is reached unseen")
    return ((content(value), False),)


def _read_of_class(value: object, name: str) -> Touches:
    """Of a class: that of the first of its bases that has it, any of which may get it; else its metaclass's."""
    assert isinstance(value, type)
    if name == "__dict__":
        raise Unseen("__dict__ of a class, through which its attributes are reached unseen")
    owner, found = _looked_up(value.__mro__, name)
    if owner is None:
        return _classes([*value.__mro__[:-1], *_metaclasses(value)], name)
    return () if isinstance(found, METHODS) else _classes(value.__mro__[: value.__mro__.index(owner) + 1], name)


def _metaclasses(value: type) -> tuple[type, ...]:
    """Those of the user's, before `type` and `object`."""
    kind: type = type(value)
    return kind.__mro__[:-2]


def _read_of_super(value: super, name: str) -> Touches:
    of = object.__getattribute__(value, "__self_class__")
    if not isinstance(of, type):
        return ()
    mro = of.__mro__[of.__mro__.index(object.__getattribute__(value, "__thisclass__")) + 1 :]
    found = _looked_up(mro, name)[1]
    return () if isinstance(found, METHODS) else _classes(mro, name)


def _classes(kinds: Iterable[type], name: str) -> Touches:
    """The attribute of each of these classes, which may get or lose it."""
    return tuple([((id(each), name), False) for each in kinds if each is not object])


def _global(module: object, name: str) -> Location:
    """As the gates of the module's own code have it."""
    return "attribute", id(module), name


def _looked_up(mro: Iterable[type], name: str) -> tuple[type | None, object]:
    """The class in whose dictionary an attribute is, and what is there."""
    for each in mro:
        found = vars(each).get(name, NOWHERE)
        if found is not NOWHERE:
            return each, found
    return None, None
