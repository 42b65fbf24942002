"""What lowering finds out on its way, for the checks that need the whole program."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenario.syntax import Expr


@dataclass(slots=True)
class Notes:
    """Collected by the resolver and by lowering.

    `given`: what each shared variable, or an element of one, is given. `values`: expressions whose value is
    kept (assigned, passed, returned). `loops`: what comprehensions run over; `iterated`: what a `for` runs
    over. `remote`: routine -> the process pool that runs it. `since_3_13`: whether the file needs Python 3.13.
    `atomics`: whether it has an atomic block.
    """

    given: list[tuple[Expr, Expr]] = field(default_factory=list)
    values: list[Expr] = field(default_factory=list)
    loops: list[Expr] = field(default_factory=list)
    iterated: list[Expr] = field(default_factory=list)
    remote: dict[str, str] = field(default_factory=dict)
    since_3_13: bool = False
    atomics: bool = False

    def exception(self, name: str) -> None:
        """An exception's name was used."""
        if name == "ShutDown":
            self.since_3_13 = True
