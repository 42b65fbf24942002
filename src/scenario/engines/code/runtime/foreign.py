"""What a call of code that is not under control touches: one step, that depends on all it may look into.

What is known of the standard library is here: functions that only read what they are given, modules without a state. Whatever else is given an
object of the user's own may do anything with it, and then depends on everything; so does what is of no module of Python's.
"""

from __future__ import annotations

import _thread
import gc
import sys
from collections.abc import Iterable
from operator import itemgetter
from types import ClassMethodDescriptorType, MethodDescriptorType, WrapperDescriptorType

from scenario.engines.code.operation import LIBRARY, Touches, content
from scenario.engines.code.runtime.kinds import FLAT, READERS, Kinds, is_pythons
from scenario.engines.code.runtime.library import MADE_ALONE, SELF_CONTAINED, STATELESS, keeps, printed
from scenario.engines.code.runtime.reach import ALL, READING, WEAK, Unknown, Walk, changed, reached

SHALLOW = frozenset({
    "_bisect", "_collections", "_functools", "_heapq", "_operator", "bisect", "builtins", "heapq", "itertools", "operator",
})  # fmt: skip
"""Modules that look at elements only by their own methods, which are under control if they are the user's."""
STARTING = [
    vars(_thread)[name] for name in ("start_new_thread", "start_new", "start_joinable_thread") if name in vars(_thread)
]
REFUSED: dict[object, str] = {
    **dict.fromkeys((sys.getrefcount, gc.get_objects, gc.get_referrers), "looks at what else refers to something"),
    **dict.fromkeys(STARTING, "starts a thread outside of control"),
}
"""Functions in C that make a search undecided, and why."""
COMPARING = frozenset({
    "__contains__", "__eq__", "__ge__", "__gt__", "__le__", "__lt__", "__ne__", "__repr__", "__str__", "__format__", "count", "index", "remove",
    "sort", "update",
})  # fmt: skip
"""Methods of built-in containers that compare or show their elements, or look into those that they are given."""
UNLOOKED = frozenset(map(id, (len, id, type, isinstance, callable, iter, bool, list, tuple, enumerate, zip, reversed)))
"""Built-in functions that look at no element."""
KNOWN = (itemgetter, MethodDescriptorType, WrapperDescriptorType, ClassMethodDescriptorType)
"""Objects of C that do nothing unseen when they are called."""
QUIET = frozenset(
    {
        "nlargest",
        "nsmallest",
        "merge",
        "bisect",
        "bisect_left",
        "bisect_right",
        "copy",
        "deepcopy",
        "mean",
        "median",
        "fsum",
        "prod",
    }
)
"""Functions of modules without a state that change nothing."""
PRIMITIVES = frozenset({"threading", "queue", "_queue", "_thread"})


def method_of_container(kinds: Kinds, owner: object, name: str, arguments: Iterable[object]) -> Touches:
    """A method in C of a built-in container."""
    changes = name not in READERS or (name in {"get", "__getitem__"} and hasattr(type(owner), "__missing__"))
    given = [each for each in arguments if type(each) not in FLAT]
    looks = name in COMPARING
    if not given and not looks:
        return ((content(owner), changes),)
    try:
        walk = Walk(kinds, deep=looks)
        called = walk.handed_on(each for each in given if callable(each)) if name == "sort" else []
        walk.through([*called, *given, *([owner] if looks else [])])
    except Unknown:
        return ALL
    return tuple({**walk.touches, content(owner): changes}.items())


def call(kinds: Kinds, function: object, owner: object, arguments: Iterable[object]) -> Touches:
    """Every other call; `owner` is the object of a method."""
    given = [each for each in arguments if type(each) not in FLAT]
    module = module_of(function)
    if id(function) in UNLOOKED:
        return reached(kinds, given, deep=False)
    if (
        not is_pythons(module)
        or module in WEAK
        or (getattr(function, "__name__", "").startswith("format") and _formats_fields(owner, given))
    ):
        return ALL
    try:
        return _called(kinds, function, module, owner, given)
    except Unknown:
        return ALL


def _called(kinds: Kinds, function: object, module: str, owner: object, given: list[object]) -> Touches:
    if kinds.of(function) == "foreign" and not isinstance(function, KNOWN):
        raise Unknown
    if isinstance(function, type):
        state: Touches = () if issubclass(function, MADE_ALONE) or not keeps(module) else ((LIBRARY, True),)
        return () if module in PRIMITIVES else (*state, *reached(kinds, given))
    walk = Walk(kinds, deep=True)
    calls = walk.handed_on(each for each in given if callable(each) and _is_callback(kinds, each))
    of = [owner] if owner is not None and kinds.of(owner) not in ("module", "plain") else []
    walk.through([*calls, *of, *given])
    touches = tuple(walk.touches.items())
    if function is print:
        return (*touches, *printed(given))
    if id(function) in READING or isinstance(function, itemgetter) or _reads(function, module, of):
        return touches
    if module not in SHALLOW and any(kinds.of(each) == "own" for each in given):
        return ALL
    state = ((LIBRARY, True),) if keeps(module) and not isinstance(owner, SELF_CONTAINED) else ()
    return (*state, *changed(touches))


def _is_callback(kinds: Kinds, value: object) -> bool:
    """Whether a function may call a value that it is given, which has no gates; classes are looked at."""
    return kinds.of(value) != "own" and not isinstance(value, type)


def _reads(function: object, module: str, of: list[object]) -> bool:
    """Whether it changes nothing but iterators that it is given."""
    name = str(getattr(function, "__name__", ""))
    return (module in STATELESS and name in QUIET) or (
        not of and module == "builtins" and isinstance(getattr(function, "__self__", None), str | bytes)
    )


def _formats_fields(owner: object, given: list[object]) -> bool:
    """Whether `format` reaches attributes by their names in a text."""
    holes = [part.partition("}")[0] for part in owner.split("{")[1:]] if isinstance(owner, str) else ["."]
    return bool(given) and any("." in hole for hole in holes)


def module_of(function: object) -> str:
    """The package whose code a function is."""
    module = getattr(function, "__module__", None) or getattr(
        type(getattr(function, "__self__", None)), "__module__", ""
    )
    return str(module).partition(".")[0]
