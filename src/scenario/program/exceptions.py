"""The exceptions that a scenario can name, and which of them are subclasses of which."""

from __future__ import annotations

import builtins
import sys
from operator import attrgetter

_OTHERS: dict[str, tuple[str, ...]] = {
    "Empty": (),
    "Full": (),
    "ShutDown": (),
    "BrokenBarrierError": ("RuntimeError",),
    "CancelledError": (),
    "InvalidStateError": (),
    "BrokenExecutor": ("RuntimeError",),
    "BrokenThreadPool": ("BrokenExecutor", "RuntimeError"),
}
"""Those of queue, threading and concurrent.futures, with their bases below Exception."""

_BUILTINS: dict[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException) and not name.startswith("_")
}

NAMES = frozenset(_OTHERS) | frozenset(_BUILTINS)
"""Every exception name that may stand in a scenario, bare."""


def is_own(name: str) -> bool:
    """Whether it is one of the user's own, which goes by its module: `bank.Overdrawn`."""
    return "." in name


def own_exception(name: str) -> type[BaseException]:
    """The class of one of the user's own, whose module is imported by now."""
    parts = name.split(".")
    ends = reversed(range(1, len(parts)))
    end = next(end for end in ends if ".".join(parts[:end]) in sys.modules)
    found: type[BaseException] = attrgetter(".".join(parts[end:]))(sys.modules[".".join(parts[:end])])
    return found


def unset_local(name: str) -> str:
    """What Python says of a local that nothing has assigned yet (an UnboundLocalError)."""
    return f"cannot access local variable '{name}' where it is not associated with a value"


def unset_free(name: str) -> str:
    """The same where a comprehension's own function reads it (a NameError)."""
    return f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"


def bases(name: str) -> tuple[str, ...]:
    """The exception's name and its base classes' names, nearest first; an unknown one is an Exception."""
    if name in _OTHERS:
        return (name, *_OTHERS[name], "Exception", "BaseException")
    known = _BUILTINS.get(name)
    if known is None:
        return (name, "Exception", "BaseException")
    # EnvironmentError and IOError are OSError's other names
    return (name, *(c.__name__ for c in known.__mro__ if c is not object and c.__name__ != name))


def text_of(name: str, *words: str) -> str:
    """What Python shows of such an exception. Raises TypeError where it takes other arguments, as UnicodeDecodeError does."""
    return str(_BUILTINS.get(name, Exception)(*words))


def catches(handler: str, raised: str) -> bool:
    """Whether `except handler` catches `raised`."""
    known = _BUILTINS.get(handler)
    return handler in bases(raised) or (known is not None and known.__name__ in bases(raised))
