"""A program's whole module: variables and objects, a function a body, and what is run and checked."""

from __future__ import annotations

import textwrap
from dataclasses import replace

from scenario.export.python import atomic
from scenario.export.python.bodies import block
from scenario.export.python.copies import copies
from scenario.export.python.ending import all_threads, ending
from scenario.export.python.expressions import Writer, inside
from scenario.export.python.function import Body
from scenario.export.python.lines import Lines
from scenario.export.python.names import Names, identifier, kept, kept_name, names_of
from scenario.export.python.objects import is_of_processes, needs_routines, primitive, thread
from scenario.export.python.order import started
from scenario.export.python.routines import calling
from scenario.export.refusal import NotExportable, Refusals
from scenario.legible import legible
from scenario.program import ops
from scenario.program.open import Open
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup
from scenario.program.targets import rebinds
from scenario.program.walk import walk_all
from scenario.syntax import Const, Local

_COMPUTE = '''
def compute(seconds):
    """So many seconds of work."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
'''


HINT = "`run` and `explore` know what it does; `explain SC901` says what has no Python of its own"


def only_threads(program: Program) -> None:
    """Raises NotExportable for what is no program of threads."""
    if program.runtime != "threading":
        refusals = Refusals("Python", "a program of threads is written: name threading under `runtimes`, too")
        refusals.refuse(f"a scenario for {program.runtime}")
        raise NotExportable(tuple(refusals.found))


def python(given: Open, description: str = "") -> str:
    """The module's text; `given` has the program's params by name. Raises NotExportable with everything that has no Python of its own."""
    refusals = Refusals("Python", HINT)
    given = replace(given, program=calling(given.program, {key for key, _ in kept(given.program)}))
    program, names = given.program, names_of(given)
    atomic.check(program, refusals)
    for interrupt in program.interrupts:
        refusals.refuse(f"`{interrupt.routine}`, which comes at any moment,", interrupt.span)
    functions = Lines()
    outer = Writer(names, refusals, "", "0")
    body = Body(functions, outer, copies(program), _printers(program) > 1, _of_index(program))
    for name, routine in program.routines.items():
        params = [*map(identifier, routine.params), *(["index"] if name in body.of_index else [])]
        _function(body, f"def {identifier(name)}({', '.join(params)}):", name, "index", routine.body)
    for group in program.groups:
        _thread_body(body, group)
    if program.main is not None:
        _function(body, "def main():", "main", "0", program.main)
    groups = started(program, refusals)
    tail = ending(body, groups)
    objects = [one for one in program.primitives if not is_of_processes(one)]
    early = [primitive(outer, one) for one in objects if not needs_routines(one)]
    late = [primitive(outer, one) for one in objects if needs_routines(one)]
    for group in program.groups:
        late += thread(outer, group, of_index=group.is_group and _wants_index(body, group))
    late += all_threads(names, groups)
    _refuse_indices(program, body)
    if refusals.found:
        raise NotExportable(tuple(sorted(refusals.found, key=lambda d: d.span)))
    values = {var.name: given.values.get(var.name, Const(var.value)) for var in program.vars}
    variables = [f"{identifier(name)} = {outer.argument(tree)}" for name, tree in values.items()]
    variables += _kept(names)
    params = [
        f"{identifier(name)} = {outer.argument(Const(v))}" for name, v in program.params.items() if name in names.params
    ]
    parts = [_head(program, description), _imports(names), params, [*variables, *early], [*_atomic(names)]]
    top = "\n\n".join("\n".join(lines) for lines in parts if lines)
    behind = "\n".join(late)
    written = (top, *_helpers(names), "\n".join(functions.lines), behind, tail)
    return "\n\n\n".join(part.strip("\n") for part in written if part) + "\n"


def _head(program: Program, description: str) -> list[str]:
    claims = program.claims
    asked = {
        "sometimes": claims.sometimes, "always": claims.always, "reachable": claims.reachable, "output": claims.output,
        "order": claims.order, "outcomes": claims.outcomes, "elapsed": claims.elapsed,
    }  # fmt: skip
    left_out = [name for name, value in asked.items() if value]
    lines = textwrap.wrap(f"{program.name}: {description}" if description else program.name, 100)
    if left_out:
        lines += ["", f"Not checked here: {', '.join(left_out)}."]
    if claims.deadlock.mode != "never" or (claims.fails and "deadlock" in claims.fails):
        lines += ["", "It may stand still for ever: that is what it shows."]
    text = [legible(line).replace("\\", "\\\\").replace('"""', "'''") for line in lines]
    return [f'"""{text[0]}', *text[1:], '"""'] if len(text) > 1 else [f'"""{text[0]}"""']


def _imports(names: Names) -> list[str]:
    lines = sorted(f"import {name}" for name in _modules(names))
    for name, given in names.program.python.items():
        first, dot, rest = given.attribute.partition(".")
        if not dot:
            lines.append(f"from {given.module} import {first} as {identifier(name)}")
        else:
            lines += [f"import {given.module}", f"{identifier(name)} = {given.module}.{first}.{rest}"]
    return lines


def _modules(names: Names) -> set[str]:
    if "compute" in names.imports:
        names.imports.add("time")
    if "atomic" in names.imports:
        names.imports.add("threading")
    return names.imports - {"compute", "atomic"}


def _atomic(names: Names) -> list[str]:
    return ["atomic = threading.Lock()  # one thread at a time"] if "atomic" in names.imports else []


def _helpers(names: Names) -> list[str]:
    return [_COMPUTE] if "compute" in names.imports else []


def _kept(names: Names) -> list[str]:
    """Where the locals are that `final` asks for."""
    found = []
    for key, local in sorted(names.kept):
        group = names.groups.get(key)
        many = group is not None and group.is_group
        found.append(f"{kept_name(key, local)} = {f'[None] * {len(group.names)}' if many and group else None}")
    return found


def _thread_body(body: Body, group: ThreadGroup) -> None:
    """A function, or the `run` of a class of its own."""
    parameter = "index" if group.is_group and _wants_index(body, group) else ""
    index = "index" if parameter else "0"
    name = body.names.bodies[group.key]
    if group.class_name is None:
        _function(body, f"def {name}({parameter}):", group.key, index, group.body)
        return
    if parameter:
        body.writer.refusals.refuse("a class of threads that ask for their `index`", group.span)
    body.names.imports.add("threading")
    body.out.line("")
    body.out.line("")
    with body.out.block(f"class {name}(threading.Thread):"):
        _function(body, "def run(self):", group.key, index, group.body)


def _wants_index(body: Body, group: ThreadGroup) -> bool:
    return _asks(group.body, body.of_index) or any(key == group.key for key, _ in body.names.kept)


def _function(body: Body, head: str, scope: str, index: str, steps: Block) -> None:
    within = replace(body, writer=inside(body.writer, scope, index))
    if not body.out.depth:
        body.out.line("")
        body.out.line("")
    with body.out.block(head):
        changed = sorted(map(identifier, rebinds(steps)))
        group = body.names.groups.get(scope)
        if group is None or not group.is_group:
            changed += sorted(kept_name(scope, local) for key, local in body.names.kept if key == scope)
        if changed:
            body.out.line(f"global {', '.join(changed)}")
        block(within, steps)


def _of_index(program: Program) -> frozenset[str]:
    """The routines that ask for their caller's `index`, or call one that does."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, routine in program.routines.items() if _asks(routine.body, found))
        if more == found:
            return found
        found = more


def _asks(steps: Block, of_index: frozenset[str]) -> bool:
    return any(
        (isinstance(node, Local) and node.name == "index")
        or (isinstance(node, ops.CallRoutine) and node.routine in of_index)
        for node in walk_all(steps)
    )


def _refuse_indices(program: Program, body: Body) -> None:
    """Nobody gives an `index` to what a barrier or a pool calls."""
    for given in program.primitives:
        for kind in given.elements[:1]:
            routine = getattr(kind, "action", None) or getattr(kind, "initializer", None)
            if routine in body.of_index:
                body.writer.refusals.refuse(f"`{routine}`, which asks for the `index` of whoever runs it,", given.span)


def _printers(program: Program) -> int:
    """How many threads print, or 2 for more."""
    in_routines = any(isinstance(node, ops.Print) for r in program.routines.values() for node in walk_all(r.body))
    bodies = [(group.body, len(group.names)) for group in program.groups] + [(program.main or (), 1)]
    return 2 * in_routines + sum(
        many for steps, many in bodies if any(isinstance(n, ops.Print) for n in walk_all(steps))
    )
