"""What lowering finds out on its way, for the checks that need the whole program."""

from __future__ import annotations

from dataclasses import field

from scenario.program.exceptions import is_own
from scenario.record import mutable
from scenario.source import Span
from scenario.syntax import Expr


@mutable
class Notes:
    """Collected by the resolver and by lowering.

    `given`: targets and what they are given. `values`: expressions whose value is kept (assigned, passed,
    returned); `changed`: that are changed in their place, and are no names or elements of one. `loops`: what comprehensions run over; `iterated`: what a `for` assigns and what it runs over;
    each with the number of the `scope` (thread or routine) that it stands in. `remote`: routine -> the process pool that runs it. `since_3_13`: whether the file needs Python 3.13.
    `exceptions`: the user's own that it names, and where first. `atomics`: whether it has an atomic block. `params`: the names of those that something reads. `open`: where what stands
    depends on params that are left open.
    """

    given: list[tuple[int, Expr, Expr]] = field(default_factory=list)
    values: list[tuple[int, Expr]] = field(default_factory=list)
    changed: list[tuple[int, Expr]] = field(default_factory=list)
    loops: list[tuple[int, Expr]] = field(default_factory=list)
    iterated: list[tuple[int, Expr, Expr]] = field(default_factory=list)
    remote: dict[str, str] = field(default_factory=dict)
    since_3_13: bool = False
    exceptions: dict[str, Span] = field(default_factory=dict)
    atomics: bool = False
    params: set[str] = field(default_factory=set)
    open: set[Span] = field(default_factory=set)
    scope: int = 0

    def new_scope(self) -> int:
        """The number of the next thread or routine."""
        self.scope += 1
        return self.scope

    def atomic(self) -> None:
        """There is an atomic block."""
        self.atomics = True

    def needs_3_13(self) -> None:
        """Something is used that Python has since then."""
        self.since_3_13 = True

    def exception(self, name: str, span: Span) -> None:
        """An exception's name was used."""
        if name == "ShutDown":
            self.since_3_13 = True
        elif is_own(name):
            self.exceptions.setdefault(name, span)
