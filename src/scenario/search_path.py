"""Where modules are looked for: nothing that lies about takes the place of what is installed.

Python looks first in the directory that it was started from, and where PYTHONPATH says. Both may be a stranger's
checkout, with a `signal.py` in it. PYTHONPATH is the user's word all the same: what is named by it can be had, but
not in place of the standard library. That includes what is missing there: `subprocess` asks for `msvcrt` everywhere.
This file comes before all others, so it imports only what Python has already.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

VARIABLE = "PYTHONPATH"
HANDED_ON = "SCENARIO_PYTHONPATH"
"""What the variable was for us. A child does not get it as such: its Python would look there for its first modules."""


JYTHON = "org"
"""What `copy` and `pickle` ask for, in case that they run there."""


def secure() -> None:
    """From now on this process, which is our own, imports as `trusted` says."""
    sys.path[:] = trusted(sys.path)
    sys.modules.setdefault(JYTHON, None)  # type: ignore[arg-type]  # None: not to be found
    from importlib.machinery import ModuleSpec, PathFinder  # by the path that holds now

    trusted_alone = [*_standard(), *_installed()]

    class Finder(PathFinder):
        """What has a name of the standard library's is looked for in it and in what is installed only."""

        @classmethod
        def find_spec(
            cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
        ) -> ModuleSpec | None:
            standard = path is None and name in sys.stdlib_module_names
            return PathFinder.find_spec(name, trusted_alone if standard else path, target)

    if PathFinder in sys.meta_path:
        sys.meta_path[sys.meta_path.index(PathFinder)] = Finder


def made_after(_: None, cls: type) -> object:
    """An object of the class; `_`, which is evaluated before, may be `secure()`. For a pickle: it imports in its order."""
    return object.__new__(cls)


def open_up() -> None:
    """From now on the user's own modules can be imported too, as `chosen` says."""
    from importlib import import_module

    for asks in ("copy", "pickle"):  # while they can not find it
        import_module(asks)
    if sys.modules.get(JYTHON, ...) is None:
        del sys.modules[JYTHON]
    sys.path[:] = chosen(sys.path)


def trusted(path: list[str]) -> list[str]:
    """For our own imports: the standard library, what is installed, the rest in its order."""
    return _ordered(path, _installed())


def chosen(path: list[str]) -> list[str]:
    """For the user's own modules: the standard library, what PYTHONPATH names, the rest in its order."""
    named = _named()
    return _ordered([*named, *path], named)


def handed_on() -> dict[str, str]:
    """The environment for a child of ours."""
    rest = {name: value for name, value in os.environ.items() if name != VARIABLE}
    named = os.pathsep.join(_named())
    return {**rest, HANDED_ON: named} if named else rest


def give_back() -> None:
    """For the user's own code, and the processes that it starts: the variable as it was."""
    if HANDED_ON in os.environ:
        os.environ[VARIABLE] = os.environ.pop(HANDED_ON)


def _ordered(path: list[str], early: list[str]) -> list[str]:
    standard = _standard()

    def rank(entry: str) -> int:
        return 0 if entry in standard else 1 if entry in early else 2

    return sorted(dict.fromkeys(filter(None, path)), key=rank)  # stable; "" is the current directory


def _standard() -> list[str]:
    """Where the standard library may be, by the names that it has in `sys.path`."""
    library = os.path.dirname(os.__file__)
    above = os.path.dirname(library)
    archive = os.path.join(above, f"python{sys.version_info[0]}{sys.version_info[1]}.zip")
    elsewhere = [above, os.path.join(above, "DLLs")] if sys.platform == "win32" else []
    return [archive, library, os.path.join(library, "lib-dynload"), *elsewhere]


def _installed() -> list[str]:
    """Where this package is, and what `site` has added."""
    import site  # there already, but for `python -S`

    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [ours, *site.getsitepackages(), site.getusersitepackages()]


def _named() -> list[str]:
    """PYTHONPATH's entries as `sys.path` has them; an empty one would be the current directory, which comes last."""
    given = os.environ.get(HANDED_ON) or ("" if sys.flags.ignore_environment else os.environ.get(VARIABLE, ""))
    return [os.path.abspath(entry) for entry in given.split(os.pathsep) if entry]
