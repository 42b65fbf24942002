"""A program's whole module: variables and objects, its functions, and what is run and checked."""

from __future__ import annotations

import textwrap
from dataclasses import replace

from scenario.export.python import atomic
from scenario.export.python.copies import copies
from scenario.export.python.ending import all_threads, ending
from scenario.export.python.expressions import Writer, literal
from scenario.export.python.function import Body
from scenario.export.python.functions import functions
from scenario.export.python.helpers import HELPERS
from scenario.export.python.lines import Lines
from scenario.export.python.names import Names, kept, names_of
from scenario.export.python.objects import is_of_processes, needs_routines, primitive, thread
from scenario.export.python.order import started
from scenario.export.python.processes.passing import killed_by_others, pid
from scenario.export.python.processes.variables import declared
from scenario.export.python.routines import calling
from scenario.export.python.tasks import making
from scenario.export.python.tasks.ending import of_a_loop
from scenario.export.refusal import NotExportable, Refusals
from scenario.legible import legible
from scenario.program import ops
from scenario.program.open import Open
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.record import record
from scenario.syntax import Const

HINT = "`run` and `explore` know what it does; `explain SC901` says what has no Python of its own"


def python(given: Open, description: str = "") -> str:
    """The module's text; `given` has the program's params by name. Raises NotExportable with everything that has no Python of its own."""
    refusals = Refusals("Python", HINT)
    given = replace(given, program=calling(given.program, {key for key, _ in kept(given.program)}))
    program, names = given.program, names_of(given)
    if names.words.one != "task":
        atomic.check(program, refusals)
    for interrupt in program.interrupts:
        refusals.refuse(f"`{interrupt.routine}`, which comes at any moment,", interrupt.span)
    body = Body(Lines(), Writer(names, refusals, "", "0"), copies(program), _printers(program) > 1)
    functions(body)
    _refuse_indices(program, body)
    groups = program.groups if names.words.one == "task" else started(program, refusals)
    variables, objects, threads = _variables(body), *_objects(body, groups)
    if names.words.one == "process":
        shared = [*_manager(names), *variables, *objects.early, *_atomic(names), *objects.late]
        tail = ending(body, groups, [*shared, *objects.of_main, *threads])
        top, behind = [], []
    else:
        tail = ending(body, groups, objects.of_main)
        top, behind = [[*variables, *objects.early], _atomic(names)], [*objects.late, *threads]
    if refusals.found:
        raise NotExportable(tuple(sorted(refusals.found, key=lambda d: d.span)))
    own = program.params.items()
    params = [f"{names.identifier(name)} = {literal(value)}" for name, value in own if name in names.params]
    head, helpers = [_head(program, description), _imports(names), params], _helpers(names)
    begin = (_parts(*head), *helpers, _parts(*top)) if helpers else (_parts(*head, *top),)
    written = (*begin, "\n".join(body.out.lines), "\n".join(behind), tail)
    return "\n\n\n".join(part.strip("\n") for part in written if part) + "\n"


def _parts(*parts: list[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


@record
class _Objects:
    """The lines that make objects: before the functions, behind those that belong to them, and where all is run."""

    early: list[str]
    late: list[str]
    of_main: list[str]


def _objects(body: Body, groups: tuple[ThreadGroup, ...]) -> tuple[_Objects, list[str]]:
    """The primitives, and the threads or processes."""
    names, program, writer = body.names, body.names.program, body.writer
    own = [one for one in program.primitives if not is_of_processes(one) and not of_a_loop(names, one)]
    found = _Objects(
        [primitive(writer, one) for one in own if not needs_routines(one)],
        [primitive(writer, one) for one in own if needs_routines(one)],
        [primitive(writer, one) for one in program.primitives if is_of_processes(one)],
    )
    if names.words.one == "task":
        return found, []
    made = [line for group in groups for line in (*thread(writer, group), *_early(names, group))]
    return found, [*made, *all_threads(names, groups)]


def _early(names: Names, group: ThreadGroup) -> list[str]:
    """Who is killed by a process is started before that is made."""
    if names.words.one != "process" or names.program.main is not None:
        return []
    variable = names.threads[group.key]
    known = [f"{pid(names, group)} = {variable}.pid"] if group.key in killed_by_others(names.program) else []
    return [f"{variable}.start()", *known] if known else []


def _variables(body: Body) -> list[str]:
    """The lines that make the shared variables, and those in the place of locals that are asked for at the end."""
    names, writer = body.names, body.writer
    first = {var.name: names.of.values.get(var.name, Const(var.value)) for var in names.program.vars}
    texts = {name: writer.argument(tree) for name, tree in first.items()}
    if names.words.one == "process":
        texts = {name: declared(names, name, text) for name, text in texts.items()}
    presets = making.presets(writer) if names.words.one == "task" else []
    return [*(f"{names.identifier(name)} = {text}" for name, text in texts.items()), *_kept(names), *presets]


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
            lines.append(f"from {given.module} import {first} as {names.identifier(name)}")
        else:
            lines += [f"import {given.module}", f"{names.identifier(name)} = {given.module}.{first}.{rest}"]
    return lines


def _modules(names: Names) -> set[str]:
    of_helpers = {module for name in names.helpers & HELPERS.keys() for module in HELPERS[name].modules}
    return names.imports | of_helpers


def _atomic(names: Names) -> list[str]:
    asked = "atomic" in names.helpers
    return [f"atomic = {names.maker('Lock')}()  # one {names.words.one} at a time"] if asked else []


def _helpers(names: Names) -> list[str]:
    return [helper.text for name, helper in HELPERS.items() if name in names.helpers]


def _kept(names: Names) -> list[str]:
    """Where the locals are that `final` asks for."""
    found = []
    for key, local in sorted(names.kept):
        group, apart = names.groups.get(key), names.is_apart(key)
        places = f"[None] * {len(group.names)}" if group is not None and group.is_group else ""
        if places:
            made = f"{names.helper('manager')}.list({places})" if apart else places
        else:
            made = f'{names.helper("manager")}.Value("O", None)' if apart else "None"
        found.append(f"{names.kept_name(key, local)} = {made}")
    return found


def _manager(names: Names) -> list[str]:
    """The process that has what shared memory can not hold."""
    return [f"manager = {names.module('multiprocessing.Manager')}()"] if "manager" in names.helpers else []


def _refuse_indices(program: Program, body: Body) -> None:
    """Nobody gives an `index` to what a barrier or a pool calls."""
    for given in program.primitives:
        for kind in given.elements[:1]:
            routine = getattr(kind, "action", None) or getattr(kind, "initializer", None)
            if routine in body.names.of_index:
                body.writer.refusals.refuse(f"`{routine}`, which asks for the `index` of whoever runs it,", given.span)


def _printers(program: Program) -> int:
    """How many threads print at the same time, or 2 for more."""
    if program.runtime == "asyncio":
        return 1
    in_routines = any(isinstance(node, ops.Print) for r in program.routines.values() for node in walk_all(r.body))
    bodies = [(group.body, len(group.names)) for group in program.groups] + [(program.main or (), 1)]
    return 2 * in_routines + sum(
        many for steps, many in bodies if any(isinstance(n, ops.Print) for n in walk_all(steps))
    )
