"""What reading or writing an attribute touches: the object's own, its class's, or nothing where code of a property does it."""

from __future__ import annotations

from threading import Barrier
from types import FunctionType, MemberDescriptorType, ModuleType

from scenario.engines.code.operation import Location, Touches, content
from scenario.engines.code.runtime.kinds import CONTAINERS, Kinds

METHODS = (FunctionType, classmethod, staticmethod, type(len), type(str.join), type("".__len__), type(str.__len__))
NOWHERE = object()


class Unseen(Exception):
    """An access whose counterparts no gate sees."""


class Fields:
    """`assigned`: the globals whose every use has a gate."""

    def __init__(self, kinds: Kinds, assigned: frozenset[Location]) -> None:
        self._kinds, self._assigned = kinds, assigned
        self._sides: dict[tuple[type, str], tuple[bool, type | None]] = {}

    def read(self, value: object, name: str) -> Touches:
        """What `value.name` touches."""
        match self._kinds.of(value):
            case "module":
                return ((_global(value, name), False),)
            case "class":
                return self._read_of_class(value, name)
            case "plain" if isinstance(value, FunctionType):
                return (((id(value), name), False),)
            case "own":
                return self._read_of_object(value, name)
            case "container" if type(value) not in CONTAINERS:
                return self._read_of_object(value, name)
            case "foreign" if isinstance(value, Barrier) and name in ("broken", "n_waiting"):
                raise Unseen(f"{name} of a Barrier, which is not explored")
            case "foreign":
                return ((content(value), False),) if self._sides_of(type(value), name)[0] else ()
            case _:
                return ()

    def _read_of_object(self, value: object, name: str) -> Touches:
        if name == "__dict__":
            raise Unseen("__dict__ of an object, through which its attributes are reached unseen")
        own, owner = self._sides_of(type(value), name)
        if not own:
            return ()
        mine = ((id(value), name), False)
        return (mine, *_absent(type(value), name)) if owner is None else (mine, ((id(owner), name), False))

    def _read_of_class(self, value: object, name: str) -> Touches:
        assert isinstance(value, type)
        owner, found = _looked_up(value, name)
        if owner is None:
            return _absent(value, name)
        return () if isinstance(found, METHODS) else (((id(owner), name), False),)

    def _sides_of(self, kind: type, name: str) -> tuple[bool, type | None]:
        """Whether the object's own attribute counts, and the class whose attribute it may be."""
        key = (kind, name)
        sides = self._sides.get(key)
        if sides is None:
            sides = self._sides[key] = _sides(kind, name)
        return sides

    def written(self, value: object, name: str) -> Touches:
        """What `value.name = …` and `del value.name` touch. Raises Unseen."""
        match self._kinds.of(value):
            case "module":
                return self._written_of_module(value, name)
            case "class":
                return self._written_of_class(value, name)
            case "plain" if isinstance(value, FunctionType):
                return (((id(value), name), True),)
            case "own" | "container":
                own, owner = self._sides_of(type(value), name)
                return (((id(value), name), True),) if own or owner is not None else ()
            case "foreign":
                return ((content(value), True),)
            case _:
                return ()

    def _written_of_module(self, value: object, name: str) -> Touches:
        assert isinstance(value, ModuleType)
        if _global(value, name) not in self._assigned:
            raise Unseen(f"global {value.__name__}.{name} from outside of its module, where its readers are not seen")
        return ((_global(value, name), True),)

    def _written_of_class(self, value: object, name: str) -> Touches:
        assert isinstance(value, type)
        if isinstance(_looked_up(value, name)[1], (*METHODS, property)):
            raise Unseen(f"method {value.__name__}.{name}, whose calls are taken to be always the same")
        self._sides.clear()
        return (((id(value), name), True),)


def _global(module: object, name: str) -> Location:
    """As the gates of the module's own code have it."""
    return "attribute", id(module), name


def _absent(kind: type, name: str) -> Touches:
    """What is not there is looked for in all classes, each of which may get it."""
    return tuple([((id(each), name), False) for each in kind.__mro__[:-1]])


def _looked_up(kind: type, name: str) -> tuple[type | None, object]:
    """The class in whose dictionary an attribute is, and what is there."""
    for each in kind.__mro__:
        found = vars(each).get(name, NOWHERE)
        if found is not NOWHERE:
            return each, found
    return None, None


def _sides(kind: type, name: str) -> tuple[bool, type | None]:
    owner, found = _looked_up(kind, name)
    if owner is None or isinstance(found, MemberDescriptorType):
        return True, None
    if isinstance(found, METHODS) or hasattr(type(found), "__get__"):
        return False, None
    return True, owner
