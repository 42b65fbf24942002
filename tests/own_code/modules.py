"""Modules of a test's own: written to a folder, imported under a name that no other has."""

import contextlib
import importlib.util
import itertools
import sys
import textwrap

NUMBERS = itertools.count()


def module(folder, text):
    """The module, as `import` makes it."""
    name = f"own_module_{next(NUMBERS)}"
    file = folder / f"{name}.py"
    file.write_text(textwrap.dedent(text))
    spec = importlib.util.spec_from_file_location(name, file)
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


@contextlib.contextmanager
def importable(folder, name, text):
    """While it lasts a scenario file may name the module."""
    (folder / f"{name}.py").write_text(text)
    sys.path.insert(0, str(folder))
    importlib.import_module(name)
    yield name
    sys.path.remove(str(folder))
    del sys.modules[name]
