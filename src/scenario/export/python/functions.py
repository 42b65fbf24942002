"""The functions of the module: one for each routine and thread, and the `main` of the file."""

from __future__ import annotations

from dataclasses import replace

from scenario.export.python.bodies import block
from scenario.export.python.expressions import inside
from scenario.export.python.function import Body
from scenario.export.python.processes.passing import given_to
from scenario.export.python.tasks import ending as tasks
from scenario.export.python.tasks import making
from scenario.program.ops import Block
from scenario.program.program import ThreadGroup
from scenario.program.targets import rebinds


def functions(body: Body) -> None:
    """All of them."""
    names, program = body.names, body.names.program
    for name, routine in program.routines.items():
        params = [*map(names.identifier, routine.params), *(["index"] if name in names.of_index else [])]
        _function(body, names.identifier(name), params, name, "index", routine.body)
    for group in program.groups:
        _thread(body, group)
    if program.main is not None:
        _function(body, "main", [], "main", "0", program.main)
    elif names.words.one == "task":
        body.out.apart()
        tasks.default_main(body, body.out)


def _thread(body: Body, group: ThreadGroup) -> None:
    """A function, or the `run` of a class of its own."""
    names = body.names
    name, has_index = names.bodies[group.key], group.is_group and group.key in names.of_index
    parameters, index = (["index"], "index") if has_index else ([], "0")
    if group.class_name is None:
        _function(body, name, parameters, group.key, index, group.body)
        return
    if parameters:
        body.writer.refusals.refuse("a class of threads that ask for their `index`", group.span)
    body.out.apart()
    with body.out.block(f"class {name}({names.maker(names.words.one.title())}):"):
        given = given_to(names, group.key, group.body)
        if given:
            with body.out.block(f"def __init__(self, {', '.join(given)}, **options):"):
                body.out.line("super().__init__(**options)")
                body.out.line(f"self.given = {', '.join(given)}{',' * (len(given) == 1)}")
            body.out.line("")
        first = [f"{', '.join(given)}{',' * (len(given) == 1)} = self.given"] if given else []
        with body.out.block("def run(self):"):
            _steps(body, group.key, index, group.body, first)


def _function(body: Body, name: str, params: list[str], scope: str, index: str, steps: Block) -> None:
    """One function, of a routine (its scope), a thread or main."""
    names = body.names
    is_plain = scope in names.program.routines and scope not in names.coroutines
    define = "def" if is_plain else names.words.define
    body.out.apart()
    with body.out.block(f"{define} {name}({', '.join([*params, *given_to(names, scope, steps)])}):"):
        of_tasks = scope == "main" and names.words.one == "task"
        group = names.groups.get(scope)
        first = tasks.first(body) if of_tasks else []
        if group is not None and group.timer is not None and names.words.one == "task":
            first.append(f"await {names.module('asyncio.sleep')}({group.timer!r})")
        _steps(body, scope, index, steps, first, tasks.last(body) if of_tasks else [])


def _steps(body: Body, scope: str, index: str, steps: Block, first: list[str], last: list[str] | None = None) -> None:
    """What stands in a function, with these lines before and after its steps."""
    out, within = body.out, replace(body, writer=inside(body.writer, scope, index))
    if changed := _changed(body, scope, steps):
        out.line(f"global {', '.join(changed)}")
    for line in first:
        out.line(line)
    if not last:
        block(within, steps)
        return
    if tasks.ends_early(body.names.program):
        with out.block("try:"):
            block(within, steps)
        with out.block("finally:"):
            for line in last:
                out.line(line)
        return
    block(within, steps)
    for line in last:
        out.line(line)


def _changed(body: Body, scope: str, steps: Block) -> list[str]:
    """The names of the module that a function gives other objects to; those of processes are objects' values."""
    names = body.names
    if names.is_apart(scope):
        return []
    found = [] if names.words.one == "process" else sorted(map(names.identifier, rebinds(steps)))
    group = names.groups.get(scope)
    if group is None or not group.is_group:
        found += sorted(names.kept_name(scope, local) for key, local in names.kept if key == scope)
    if names.words.one == "task":
        started = [names.threads[key] for key in making.assigned(names.program, steps)]
        found += sorted(tasks.changed_by_main(body) if scope == "main" else started)
    return found
