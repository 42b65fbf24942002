"""What a file has that no search follows: it is undecided before anything is searched."""

from __future__ import annotations

from scenario.program.ops import Assert, CallPython
from scenario.program.places import changes
from scenario.program.program import ProcessPool, Program
from scenario.program.whole import every_node
from scenario.results.undecided import NeedsClock, NotFollowed, Undecided
from scenario.syntax import Node, Now


def unexplored(program: Program) -> tuple[Undecided, ...]:
    """What the file has that is not explored."""
    nodes = every_node(program)
    found: list[Undecided] = []
    if any(isinstance(kind, ProcessPool) for p in program.primitives for kind in p.elements):
        found.append(NotFollowed("process pool"))
    if program.python or any(isinstance(n, CallPython) for n in nodes):
        found.append(NotFollowed("own code"))
    if program.settings.clock != "virtual" and any(isinstance(n, Now) for n in nodes):
        found.append(NeedsClock("now"))
    if program.settings.clock == "virtual" and program.interrupts:
        found.append(NotFollowed("interrupts in time", line=program.interrupts[0].span.line))
    if program.runtime == "multiprocessing":
        from scenario.engines.explore.search.told.of_processes import of_processes

        found += of_processes(program, nodes)
    found += [NotFollowed("changing message", line=n.span.line) for n in nodes if _changes_in_words(n)]
    return tuple(found)


def _changes_in_words(node: Node) -> bool:
    """A message belongs to the report, and is read without a step: what it changes would be lost."""
    return isinstance(node, Assert) and changes(node.message)
