"""Claims whose answer depends on whether two NaN are one object, which a state does not know of what was kept at different times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from scenario.engines.explore.model.parts import SharedPart
from scenario.engines.explore.model.values import Key, Unexplored, freeze
from scenario.engines.explore.step.layout import Layout
from scenario.program.claims import Claim, Claims
from scenario.program.walk import walk
from scenario.results.undecided import NotFollowed
from scenario.syntax import Comprehension, DictDisplay, ListDisplay, Register, SetDisplay, Shared, TupleDisplay

NAN = freeze(float("nan"))
_MAKES_ONE = (ListDisplay, TupleDisplay, SetDisplay, DictDisplay, Comprehension)
"""What puts values into a container: there Python asks first whether they are one object."""


def ask_claims(layout: Layout, shared: SharedPart, registers: dict[str, list[Key]]) -> None:
    """Raises Unexplored where a claim looks at several NaN in containers.

    `registers`: what the members of each group have left.
    """
    kept = (*shared.vars, shared.heap.key, *(key for keys in registers.values() for key in keys))
    if sum(map(_nans, kept)) < 2:
        return
    for claim in _claims(layout.program.claims):
        keys = [key for key in _looked_at(claim, layout, shared, registers) if _nans(key)]
        if sum(map(_nans, keys)) > 1 and (
            any(key != NAN for key in keys) or any(isinstance(n, _MAKES_ONE) for n in walk(claim))
        ):
            raise Unexplored(NotFollowed("same NaN", line=claim.span.line))


def _claims(claims: Claims) -> tuple[Claim, ...]:
    return (*claims.final, *claims.sometimes, *(row.when for row in claims.outcomes or ()), *(claims.observe or ()))


def _looked_at(claim: Claim, layout: Layout, shared: SharedPart, registers: dict[str, list[Key]]) -> Iterator[Key]:
    """What the claim names, each thing that is kept by itself once."""
    names = {node.name for node in walk(claim) if isinstance(node, Shared)}
    yield from (shared.vars[layout.vars[name]] for name in names - set(layout.followed))
    if not names.isdisjoint(layout.followed):
        yield shared.heap.key
    for group in {node.thread.name for node in walk(claim) if isinstance(node, Register)}:
        yield from registers.get(group, ())


def _nans(key: Key) -> int:
    """How many NaN there are in it of which it is not known whether they are one."""
    return _counted(key) if isinstance(key, tuple) else 0


@lru_cache(maxsize=65536)
def _counted(key: tuple[Key, ...]) -> int:
    return 1 if key == NAN else sum(map(_nans, key))
