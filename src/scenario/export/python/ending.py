"""The end of the module: what is run, what is waited for, and what is checked when all is over."""

from __future__ import annotations

from scenario.export.python.function import Body
from scenario.export.python.lines import Lines
from scenario.export.python.names import Names
from scenario.export.python.objects import is_pool
from scenario.export.python.processes.passing import given_to, killed_by_others
from scenario.export.python.tasks import ending as tasks
from scenario.program import ops
from scenario.program.claims import ErrorClaim
from scenario.program.program import Program, ThreadGroup
from scenario.program.walk import walk_all
from scenario.syntax import Now, Ref

_NOTE = '''ended_with = {}  # the exception that each thread ended with


def note_exception(args):
    """Called for a thread that ends with an exception."""
    ended_with[args.thread] = args.exc_type


threading.excepthook = note_exception'''


def ending(body: Body, groups: tuple[ThreadGroup, ...], made: list[str]) -> str:
    """`if __name__ == "__main__":` with all that the module does; before it what notes exceptions if they are expected, and the `main` of tasks.

    `made`: the lines that make what belongs there.
    """
    names, program, out = body.names, body.names.program, Lines()
    of_threads = [claim for claim in program.claims.errors if claim.thread.name != "main"]
    run = tasks.run(body) if names.words.one == "task" else "main()"
    with out.block('if __name__ == "__main__":'):
        if _tells_time(program):
            out.line(f"started = {names.module('time.monotonic')}()")
        for line in made:
            out.line(line)
        if names.words.one == "task":
            _main(body, f"{names.module('asyncio.run')}({run})", out)
        elif program.main is None:
            _all(names, groups, out)
        else:
            _main(body, f"main({', '.join(given_to(names, 'main', program.main))})", out)
        if names.words.one != "task":
            _over(names, program, out)
        for line in _errors(body, of_threads):
            out.line(line)
        for final in program.claims.final:
            out.line(f"assert {body.writer.argument(final.expr)}")
    text = "\n".join(out.lines)
    if not of_threads or names.words.one != "thread":
        return text
    names.imports.add("threading")
    return f"{_NOTE}\n\n\n{text}"


def all_threads(names: Names, groups: tuple[ThreadGroup, ...]) -> list[str]:
    """The line that puts all threads in one list, where one is asked for."""
    program = names.program
    asked = any(isinstance(n, ops.Start | ops.Join) and n.ref.name == "all" for n in walk_all(program.main or ()))
    if names.words.one != "task" and (asked or (program.main is None and len(groups) > 1)):
        parts = [f"{'*' if group.is_group else ''}{names.threads[group.key]}" for group in groups]
        return [f"{names.words.many} = [{', '.join(parts)}]"]
    return []


def _tells_time(program: Program) -> bool:
    routines = tuple(routine.body for routine in program.routines.values())
    bodies = (tuple(group.body for group in program.groups), routines, program.main or ())
    return any(isinstance(node, Now) for node in walk_all((bodies, tuple(c.expr for c in program.claims.final))))


def _all(names: Names, groups: tuple[ThreadGroup, ...], out: Lines) -> None:
    """The default `main`: starts all, and joins all that are no daemons."""
    if len(groups) == 1 and not groups[0].is_group:
        out.line(f"{names.threads[groups[0].key]}.start()")
        out.line(f"{names.threads[groups[0].key]}.join()")
        return
    one = names.words.one
    every = names.words.many if len(groups) > 1 else names.threads[groups[0].key]
    with out.block(f"for {one} in {every}:"):
        if killed_by_others(names.program):  # they are started already
            with out.block(f"if {one}.pid is None:"):
                out.line(f"{one}.start()")
        else:
            out.line(f"{one}.start()")
    with out.block(f"for {one} in {every}:"):
        if any(group.daemon for group in groups):
            with out.block(f"if not {one}.daemon:"):
                out.line(f"{one}.join()")
        else:
            out.line(f"{one}.join()")


def _main(body: Body, call: str, out: Lines) -> None:
    """The file's own `main`; an exception that it is to end with is no end of the checks."""
    if _is_asked(body.names.program) and body.names.words.one == "thread":
        out.line(f'main_thread = {body.names.module("threading.Thread")}(target=main, name="MainThread")')
        out.line("main_thread.start()")
        out.line("main_thread.join()")
        return
    claims = [claim for claim in body.names.program.claims.errors if claim.thread.name == "main"]
    if not claims:
        out.line(call)
        return
    with out.block("try:"):
        out.line(call)
    with out.block(f"except {_classes(body.names, claims[0].exceptions)} as error:"):
        out.line('print(f"main: {type(error).__name__}: {error}", file=sys.stderr)')
    body.names.imports.add("sys")
    if not claims[0].possible:
        with out.block("else:"):
            out.line('raise AssertionError("main ended without an exception")')


def _is_asked(program: Program) -> bool:
    """Whether a thread joins the main thread, or asks it: it has to be one that ends."""
    bodies = (tuple(group.body for group in program.groups), tuple(r.body for r in program.routines.values()))
    return any(isinstance(node, Ref) and node.name == "main" for node in walk_all(bodies))


def _over(names: Names, program: Program, out: Lines) -> None:
    """Waits for what Python itself waits for before it ends, where something is looked at then."""
    if not (program.claims.final or program.claims.errors):
        return
    left = {node.ref.name for node in program.main or () if isinstance(node, ops.With)}
    for given in program.primitives:
        if is_pool(given) and given.name not in left:
            name = names.identifier(given.name)
            if given.is_array:
                with out.block(f"for pool in {name}:"):
                    out.line("pool.shutdown()")
            else:
                out.line(f"{name}.shutdown()")
    if program.main is None:
        return
    joined = {n.ref.name for n in program.main if isinstance(n, ops.Join) and n.timeout is None and n.ref.index is None}
    for group in program.groups:
        if group.daemon or joined & {group.key, "all"}:
            continue
        variable, one = names.threads[group.key], names.words.one
        if group.is_group:
            with out.block(f"for {one} in {variable}:"), out.block(f"if {one}.ident:"):
                out.line(f"{one}.join()")
        else:
            with out.block(f"if {variable}.ident:"):
                out.line(f"{variable}.join()")


def _errors(body: Body, claims: list[ErrorClaim]) -> list[str]:
    """What is asserted of how threads ended, where the file says it of some."""
    match body.names.words.one:
        case "task":
            return tasks.errors(body, claims)
        case "process":
            return _exits(body, claims)
        case _:
            return [_error(body, claim) for claim in claims] + (["assert not ended_with"] if claims else [])


def _error(body: Body, claim: ErrorClaim) -> str:
    """One or all of a group end so."""
    default = f", {body.names.exception(claim.exceptions[0])}" if claim.possible else ""
    test = f"issubclass(ended_with.pop({{}}{default}), {_classes(body.names, claim.exceptions)})"
    return _of_all(body, claim.thread, test)


def _of_all(body: Body, ref: Ref, test: str) -> str:
    """The test of one, or of each of a group."""
    if not body.names.is_group(ref):
        return f"assert {test.format(body.writer.place(ref))}"
    one = body.names.words.one
    return f"assert all({test.format(one)} for {one} in {body.names.ref(ref.name)})"


def _exits(body: Body, claims: list[ErrorClaim]) -> list[str]:
    """Of a process is told that an exception ended it, and not which."""
    lines = []
    for claim in claims:
        test = "{}.exitcode in (0, 1)" if claim.possible else "{}.exitcode == 1"
        lines.append(f"{_of_all(body, claim.thread, test)}  # {', '.join(claim.exceptions)}")
    return lines


def _classes(names: Names, exceptions: tuple[str, ...]) -> str:
    found = [names.exception(name) for name in exceptions]
    return found[0] if len(found) == 1 else f"({', '.join(found)})"
