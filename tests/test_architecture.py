"""Imports run downward only, siblings never import each other, and only the engines that execute touch threading."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from scenario.kinds import PatternName

SOURCE = Path(__file__).parents[1] / "src"
FLOORS = (
    {
        "chance",
        "interpreters",
        "collector",
        "ctrl_c",
        "search_path",
        "regular",
        "legible",
        "machine",
        "windows",
        "source",
        "diagnostics",
        "kinds",
        "language",
        "record",
        "settings",
        "spread",
        "syntax",
    },
    {"spec", "program", "results"},
    {"steps", "real"},
    {"interpreter"},
    {"compile", "engines", "judge", "lint"},
    {"report", "export", "files"},
    {"memory"},
    {"commands"},
    {"editor"},
    {"cli", "api", "own_code"},
    {"pytest_plugin"},
    {"__main__"},
)
ROOMS = {
    "scenario.spec": (
        ("codes", "durations", "faults", "schema_fields", "manual"),
        ("yaml", "pages"),
        ("recovery",),
        ("python",),
        ("readers",),
        ("one_verb", "primitives", "requirements", "expectations"),
        ("step", "step_reader"),
        ("steps",),
        ("scenario",),
        ("load", "schema"),
    ),
    "scenario.commands": (
        ("pipeline", "loading", "apart", "left_open", "in_turn", "listing"),
        ("again", "elsewhere"),
        ("pictures",),
        ("work",),
        ("validating", "showing"),
        ("exploring", "running"),
        ("comparing", "replaying", "stepping"),
    ),
    "scenario.compile": (
        ("codes", "notes"),
        ("findings", "pages"),
        ("names",),
        ("cases",),
        ("constants",),
        ("primitives", "expectations", "steps"),
        ("checks",),
        ("unit",),
        ("compiler",),
        ("opened",),
    ),
    "scenario.engines.explore": (
        ("model", "reductions"),
        ("native",),
        ("compile",),
        ("step",),
        ("independence",),
        ("evidence",),
        ("search",),
        ("coverability",),
        ("forall",),
        ("sample",),
        ("explore", "again"),
    ),
    "scenario.engines.explore.search": (
        ("reachability", "reduce", "invisible"),
        ("graph",),
        ("failures",),
        ("search",),
        ("schedules",),
        ("strategies", "told"),
        ("summary",),
        ("smaller", "game"),
    ),
    "scenario.engines.code": (
        ("places", "privates", "shown", "modules"),
        ("operation", "rewriting"),
        ("actors",),
        ("carriers", "accesses"),
        ("world",),
        ("runtime", "search"),
        ("restoring",),
        ("snapshot", "laboratory"),
        ("prepared",),
        ("execution", "supervised"),
        ("searching",),
        ("evidence",),
        ("patterns",),
        ("stage",),
        ("deciding",),
        ("exploring", "files"),
        ("film",),
    ),
    "scenario.real": (
        ("walk", "values", "travelling", "takers", "endable"),
        ("effects",),
        ("footprint",),
        ("functions", "members", "making"),
        ("emit",),
        ("findings", "tracebacks"),
        ("children",),
    ),
    "scenario.engines.tasks": (
        ("actors", "objects", "loop"),
        ("around", "members", "answers"),
        ("operations", "waits"),
        ("awaiting",),
        ("runtime",),
        ("collect", "recording"),
        ("running",),
        ("deciding", "fingerprint"),
        ("evidence",),
        ("graph",),
        ("rounds", "playing"),
        ("exploring",),
    ),
    "scenario.engines.processes": (
        ("slots", "denied"),
        ("objects", "store", "reports", "guard", "managed"),
        ("queues",),
        ("building", "recording"),
        ("parts",),
        ("asking", "facts"),
        ("runtime",),
        ("worker", "pool_worker"),
        ("members", "pools"),
        ("waits", "collect"),
        ("running",),
        ("child",),
    ),
    "scenario.engines.threads": (
        ("privates",),
        ("actors",),
        ("stress",),
        ("live",),
        ("watch",),
        ("runner", "controlled", "pages"),
        ("child",),
    ),
}
"""The rooms of the larger packages, from the lowest: each imports only from those before it."""
FLOOR = {unit: floor for floor, units in enumerate(FLOORS) for unit in units}
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in SOURCE.rglob("*.py")
)


def path_of(module: str) -> Path:
    base = SOURCE.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(path_of(module).read_text())


def imports(module: str, *, executed: bool = False) -> Iterator[str]:
    """Every module that this one imports, wherever in the file; `executed`: not those for annotations only."""
    tree = tree_of(module)
    typing_only = {child for node in ast.walk(tree) if is_for_typing(node) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if executed and node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively: write the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


def is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def unit_of(module: str) -> str:
    """The package or file directly under `scenario` ("" for `scenario` itself)."""
    return module.partition(".")[2].partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downward_only(module):
    unit = unit_of(module)
    for imported in imports(module):
        other = unit_of(imported)
        if not imported.startswith("scenario") or other in ("", unit) or unit == "":
            continue
        bottom = FLOOR[unit] == FLOOR[other] == 0
        assert bottom or FLOOR[other] < FLOOR[unit], f"{module} imports {imported}"


@pytest.mark.parametrize(
    ("package", "module"), [(package, m) for package in ROOMS for m in MODULES if m.startswith(f"{package}.")]
)
def test_rooms_of_a_package_import_downward_only(package, module):
    floor = {room: number for number, rooms in enumerate(ROOMS[package]) for room in rooms}
    own = room_of(module, package)
    for imported in imports(module):
        if imported.startswith(f"{package}.") and (other := room_of(imported, package)) != own:
            assert floor[other] < floor[own], f"{module} imports {imported}"


def room_of(module: str, package: str) -> str:
    return module.removeprefix(f"{package}.").partition(".")[0]


def test_every_unit_has_its_floor():
    assert {unit_of(module) for module in MODULES} - {"", *FLOOR} == set()


def test_engines_never_import_one_another():
    for module in MODULES:
        parts = module.split(".")
        if parts[1:2] == ["engines"] and len(parts) > 2:
            foreign = [name for name in imports(module) if name.startswith("scenario.engines.")]
            assert all(name.split(".")[2] == parts[2] for name in foreign), module


REAL = (
    "scenario.engines.processes",
    "scenario.engines.threads",
    "scenario.engines.tasks",
    "scenario.engines.code",
    "scenario.real.children",
    "scenario.real.endable",  # ends real threads
    "scenario.interpreter.futures",
    "scenario.interpreter.objects",
    "scenario.interpreter.refusals",
    "scenario.ctrl_c",
    "scenario.spread",  # hands work to an executor, whatever that is
)


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(REAL)])
def test_only_the_engines_that_execute_touch_threading(module):
    forbidden = {"threading", "queue", "concurrent", "multiprocessing", "_thread"}
    assert forbidden.isdisjoint(name.partition(".")[0] for name in imports(module))


def test_no_module_is_in_a_circle():
    graph = {
        module: {name for name in imports(module, executed=True) if name in MODULES} - {module} for module in MODULES
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the circle
    assert len(order) == len(MODULES)
    assert all(first != second for first, second in pairwise(order))


def test_one_set_of_modules_names_one_another_in_types_alone():
    """A state is thawed for an object's step, and a step is on thawed states: docs/design.md says why they may."""
    step = "scenario.engines.explore.step"
    ring = {
        f"{step}.{name}" for name in ("context", "queries", "layout", "primitives.model", "primitives.alternatives")
    }
    graph = {module: set(imports(module)) & {*MODULES} - {module} for module in MODULES}
    graph["scenario"] = set()  # it hands on what is asked of it
    for module in ring:
        graph[module] -= ring
    assert list(TopologicalSorter(graph).static_order())


READS_REPRS = {"scenario.real.travelling", "scenario.real.values"}
"""What has a pattern of text for what Python itself writes: addresses in a `repr`, names of its own in an error."""


def test_the_judge_and_the_engines_read_facts_and_no_prose():
    floors = (
        "scenario.judge",
        "scenario.engines",
        "scenario.interpreter",
        "scenario.real",
        "scenario.results.patterns",
        "scenario.results.waiting",
    )
    parse = {m for m in MODULES if m.startswith(floors) and {"re", "string", "fnmatch"} & set(imports(m))}
    assert parse == READS_REPRS


SPEAKS_AS_PYTHON = "scenario.judge.environment"
"""Has the texts of exceptions that CPython raises there."""


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.startswith(("scenario.judge", "scenario.results.patterns"))]
)
def test_the_judge_says_nothing(module):
    if module != SPEAKS_AS_PYTHON:
        said = {text for text in literals(module) if text.count(" ") > 3}
        assert said <= {*get_args(PatternName)}


SEARCH = ("explore", "search", "sample", "reductions", "independence", "coverability", "native", "evidence", "forall")


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.startswith(tuple(f"scenario.engines.explore.{r}" for r in SEARCH))]
)
def test_a_search_gives_facts_and_says_nothing(module):
    """Of words there are those by which kinds of facts are told apart, and what is raised for a mistake of ours."""
    failing = {inner for node in ast.walk(tree_of(module)) for part in failing_of(node) for inner in ast.walk(part)}
    said = {
        node.value for node in texts(module) if node not in failing and re.search(r"[a-z] +[a-z]|^ [a-z]", node.value)
    }
    assert said <= kinds_of_facts()


def failing_of(node: ast.AST) -> list[ast.AST]:
    """Where texts are for whoever looks into a mistake of ours."""
    match node:
        case ast.Raise(exc=exc):
            return [exc] if exc else []
        case ast.Assert(msg=msg):
            return [msg] if msg else []
        case _:
            return []


@cache
def kinds_of_facts() -> set[str]:
    """The texts of all `Literal`s of facts: they are told apart by them, and the report has the words."""
    modules = ("scenario.kinds", *(module for module in MODULES if module.startswith("scenario.results")))
    literal = [
        node.slice
        for module in modules
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"
    ]
    return {inner.value for node in literal for inner in ast.walk(node) if isinstance(inner, ast.Constant)}


def literals(module: str) -> Iterator[str]:
    """The texts in the code of a module that are no docstrings."""
    return (node.value for node in texts(module))


def texts(module: str) -> Iterator[ast.Constant]:
    """The same, as they stand in its tree."""
    tree = tree_of(module)
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
            yield node


def test_words_stand_in_the_report_alone():
    words = {m for m in MODULES if m.startswith("scenario.report.words")}
    readers = {m for m in MODULES if words & set(imports(m))}
    assert {unit_of(m) for m in readers} == {"report", "commands", "editor"}


FACADES = {
    "scenario.engines.processes",
    "scenario.engines.code",
    "scenario.engines.code.film",  # imported where there is an execution to show
    "scenario.engines.explore",
    "scenario.engines.explore.again",  # imported where there is an execution
    "scenario.engines.explore.sample.sampled",  # imported where a sample is divided
    "scenario.engines.explore.sample.tally",
    "scenario.engines.explore.forall",  # imported where all values are asked for
    "scenario.engines.explore.forall.decide",
    "scenario.engines.explore.forall.least",
    "scenario.engines.explore.explore",  # the facade's function has the name of its module
    "scenario.engines.tasks",
    "scenario.engines.threads",
    "scenario.engines.threads.controlled",
}
"""What an engine is reached by."""


def test_engines_are_reached_by_their_facades():
    found: dict[str, set[str]] = {}
    for module in MODULES:
        for imported in imports(module):
            outside = not module.startswith("scenario.engines")
            if outside and imported.startswith("scenario.engines.") and imported not in FACADES:
                found.setdefault(imported, set()).add(module)
    assert not found


FOREIGN = {
    "scenario.cli.configuration": {"default_map"},  # click's context
    "scenario.engines.code.carriers": {"parent"},  # a greenlet
    "scenario.ctrl_c": {"unraisablehook"},  # sys
    "scenario.engines.code.prepared": {"disabled"},  # a logger
    "scenario.engines.code.privates": {"daemon"},  # a thread of the code's
    "scenario.engines.code.rewriting.installed": {"__code__"},  # a function of the code's
    "scenario.engines.code.snapshot": {"name"},  # a thread of the code's
    "scenario.engines.code.restoring": {"cell_contents"},  # a closure of the code's
    "scenario.engines.explore.model.values": {"__name__"},  # a class's, as Python calls it
    "scenario.engines.processes.pool_worker": {"value"},  # shared memory
    "scenario.engines.processes.pools": {"__class__"},  # a future that the executor has made
    "scenario.engines.threads.controlled.hooks": {
        "_acquire_restore", "_idle_semaphore", "_release", "_release_save", "_waiters", "_work_queue",
    },  # the library's own objects, for replay
    "scenario.interpreter.interpreter": {"scenario_span"},  # an exception of anybody's
    "scenario.engines.threads.controlled.stage": {"player"},  # a `threading.local`
    "scenario.real.callables": {"path"},  # sys
    "scenario.interpreter.futures": {"disabled", "in_order"},  # a logger, a future
    "scenario.engines.threads.privates": {"_shutdown", "_stop"},  # the library's own objects
    "scenario.engines.threads.watch.stop": {"excepthook", "unraisablehook"},  # threading, sys
    "scenario.program.bounded.sets": {"__name__", "__qualname__"},  # a method's
    "scenario.record": {"__init__", "__qualname__"},  # classes under construction
    "scenario.report.machines.junit": {"text"},  # an element of XML
}  # fmt: skip
"""What is assigned of objects that are not ours, which have no method for it."""


def test_no_class_is_spread_over_several_files():
    """A base that nobody makes, of one class alone that is made and stands elsewhere, is a part of that class."""
    classes = {name: node for module in MODULES for name, node in classes_of(module)}
    bases = {name: bases_of(name, node) for name, node in classes.items()}
    made = set().union(*map(made_in, MODULES))
    parts = {}
    for name, node in classes.items():
        whole = {other for other in made if name in ancestors(other, bases)}
        if name not in made and len(whole) == 1 and not is_interface(name, node, *whole):
            parts[name] = whole
    assert parts == {}


def classes_of(module: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """The classes of a module by their whole names."""
    for node in tree_of(module).body:
        if isinstance(node, ast.ClassDef):
            yield f"{module}.{node.name}", node


@cache
def names_in(module: str) -> dict[str, str]:
    """What names of a module stand for, by their whole names."""
    tree = tree_of(module)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in imported for alias in node.names}
    return names | {name.rpartition(".")[2]: name for name, _ in classes_of(module)}


def bases_of(name: str, node: ast.ClassDef) -> set[str]:
    names = names_in(name.rpartition(".")[0])
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return {names.get(ast.unparse(base), ast.unparse(base)) for base in plain}


def ancestors(name: str, bases: dict[str, set[str]]) -> set[str]:
    """Of a class, without itself."""
    return set().union(*({base} | ancestors(base, bases) for base in bases.get(name, ())))


def made_in(module: str) -> set[str]:
    """The classes that a module makes objects of, or hands on: not those that it inherits from, asks for or annotates with."""
    tree = tree_of(module)
    asides = {inner for node in ast.walk(tree) for part in asides_of(node) for inner in ast.walk(part)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in asides}
    return {whole for name, whole in names_in(module).items() if name in used}


def asides_of(node: ast.AST) -> list[ast.AST]:
    """Where a class is named and nothing is made of it."""
    match node:
        case ast.ClassDef():
            return [*node.bases]
        case ast.MatchClass():
            return [node.cls]
        case ast.Call(func=ast.Name("isinstance" | "issubclass" | "cast")):
            return [*node.args]
        case ast.arg() | ast.AnnAssign():
            return [node.annotation] if node.annotation else []
        case ast.FunctionDef():
            return [node.returns] if node.returns else []
        case _:
            return []


def is_interface(name: str, node: ast.ClassDef, whole: str) -> bool:
    """Whether a base says what another has to do: a protocol, a class of another floor with abstract methods, or of the same file."""
    same_file = name.rpartition(".")[0] == whole.rpartition(".")[0]
    abstract = any(isinstance(inner, ast.Name) and inner.id == "abstractmethod" for inner in ast.walk(node))
    of_another = abstract and unit_of(name) != unit_of(whole)
    return same_file or of_another or any("Protocol" in ast.unparse(base) for base in node.bases)


def test_an_attribute_is_assigned_by_its_object_alone():
    found = {}
    for module in MODULES:
        names = {node.attr for node in assigned_attributes(tree_of(module)) if not is_own(node)}
        if names:
            found[module] = names
    assert found == FOREIGN


def assigned_attributes(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Where an attribute is set or deleted, in whatever statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node


def is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


SETS_BY_NAME = {
    "scenario.cli.streams": "a stream of sys that is closed",
    "scenario.engines.code.runtime.slots": "what the user's code assigns to an attribute",
    "scenario.engines.code.restoring": "attributes of the user's objects, put back",
    "scenario.interpreter.computing": "what a scenario assigns to a field of its `local`",
    "scenario.program.bounded.sets": "the methods of our set that are as Python's",
    "scenario.record": "records are frozen: this is what makes them",
}


def test_nothing_is_set_by_its_name():
    callers = {module for module in MODULES if SETTERS & called(tree_of(module))}
    assert callers == set(SETS_BY_NAME)


SETTERS = {"setattr", "delattr", "__setattr__", "__delattr__"}


def called(tree: ast.AST) -> set[str]:
    """The names of functions and methods that are called."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in functions if isinstance(f, ast.Name | ast.Attribute)}
