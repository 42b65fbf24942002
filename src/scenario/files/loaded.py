"""A file as far as it has come on its way to programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Literal, overload

from scenario.diagnostics import Diagnostic
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.program.program import Program
from scenario.record import record
from scenario.source import Source

if TYPE_CHECKING:
    from scenario.spec.scenario import Scenario


@record
class About:
    """What a valid file says of itself; `params` are the names that `-p` can override, `line` is where it has its name.

    `runtimes`: where it is meant to hold, whatever it is asked to be run on.
    """

    name: str
    description: str
    tags: tuple[str, ...]
    params: frozenset[str]
    line: int
    runtimes: tuple[Runtime, ...]


@record
class Unfit:
    """A runtime that the file names, or is asked for, and what that one does not have."""

    runtime: Runtime
    diagnostics: tuple[Diagnostic, ...]


@record
class Loaded:
    """A file as far as it could be brought: `programs` (one a case), or `diagnostics`, or a fault of ours.

    Beside programs may stand `unfit`: the file is invalid for these runtimes, and valid for the others.

    `about` is None for a file with mistakes. `model` is what is still to be compiled: of a file with mistakes what
    could be made of it, to find its other mistakes. `warnings` is what the static rules say, None if they were not
    asked. `only` is the one case that is asked for, None for all of them. `seconds`: what compiling took; `given_up`: what
    there was not enough of for it.
    """

    file: str
    source: Source | None = None
    about: About | None = None
    model: Scenario | None = None
    programs: tuple[Program, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    warnings: tuple[Diagnostic, ...] | None = None
    fault: str | None = None
    only: Program | None = None
    seconds: float = field(default=0.0, compare=False)
    given_up: Literal["", "time", "memory"] = ""

    @property
    def name(self) -> str | None:
        """Its scenario's, if that is known."""
        return self.about.name if self.about else None

    @property
    def chosen(self) -> tuple[Program, ...]:
        """The cases to work on."""
        return self.programs if self.only is None else (self.only,)

    @property
    def invalid(self) -> bool:
        """Whether there is an error, not just a warning: for every runtime."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """All that is to be said of it, of whatever runtime."""
        return (*self.diagnostics, *(diagnostic for one in self.unfit for diagnostic in one.diagnostics))

    def label(self, program: Program) -> str:
        """The params in which the cases differ, and the runtime where it is not threads alone: `workers=2,asyncio`."""
        told = [f"{name}={value}" for name, value in self.differing(program).items()]
        return ",".join([*told, *filter(None, [self.told_runtime(program)])])

    def told_runtime(self, program: Program) -> Runtime | None:
        """What a case is run on; None where the file is about threads alone, and nobody has to be told."""
        others = self.unfit or any(one.runtime != RUNTIMES[0] for one in self.programs)
        return program.runtime if others else None

    def differing(self, program: Program) -> dict[str, object]:
        """Those params of a case that are not the same in all cases."""
        return {
            name: value
            for name, value in program.params.items()
            if any(repr(other.params.get(name)) != repr(value) for other in self.programs)  # 1 and 1.0 are two cases
        }


@record
class Files(Sequence[Loaded]):
    """All that a command works on, in order; `others` is how many YAML files were passed over, being no scenarios."""

    files: tuple[Loaded, ...]
    others: int = 0

    @overload
    def __getitem__(self, index: int) -> Loaded: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Loaded]: ...
    def __getitem__(self, index: int | slice) -> Loaded | Sequence[Loaded]:
        return self.files[index]

    def __len__(self) -> int:
        return len(self.files)
