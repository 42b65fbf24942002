"""The objects that a thread's refs name, as far as params and its number in its group tell."""

from __future__ import annotations

from typing import Literal

from scenario.lint.constants import constant
from scenario.program import program as form
from scenario.record import record
from scenario.syntax import Expr, Ref


@record
class LockKey:
    """A lock by its name; of an array with its element, `?` where that is not known."""

    name: str
    element: int | Literal["?"] | None = None

    def __str__(self) -> str:
        return self.name if self.element is None else f"{self.name}[{self.element}]"

    def may_be(self, other: LockKey) -> bool:
        """Whether it is the same, as far as is known."""
        return self == other or (self.name == other.name and "?" in (self.element, other.element))


class Objects:
    """`index` is the thread's number in its group, None where it stands for all."""

    def __init__(self, program: form.Program, index: int | None) -> None:
        self._primitives = {primitive.name: primitive for primitive in program.primitives}
        self._constants: dict[str, object] = {} if index is None else {"index": index}

    def kind(self, ref: Ref) -> form.Kind | None:
        """The primitive's kind (of an array: its first element's), or None for what is no primitive."""
        primitive = self._primitives.get(ref.name)
        return primitive.elements[0] if primitive and primitive.elements else None

    def is_reentrant(self, ref: Ref) -> bool:
        """Whether its owner may take it again: an RLock, or a condition over one."""
        match self.kind(ref):
            case form.RLock() | form.Condition(lock=None):
                return True
            case form.Condition(lock=(name, _)):
                return isinstance(self.kind(Ref(name)), form.RLock)
            case _:
                return False

    def key(self, ref: Ref) -> LockKey | None:
        """The lock behind a ref, a condition's own or shared one; None where the element is not known."""
        element = None
        if ref.index is not None:
            value = self.value(ref.index)
            if not isinstance(value, int):
                return None
            element = int(value)
        kind = self.kind(ref)
        if isinstance(kind, form.Condition) and kind.lock is not None:
            if element is not None:
                return None
            return LockKey(*kind.lock)
        return LockKey(ref.name, element)

    def value(self, expr: Expr) -> object:
        """The expression's value, or UNKNOWN."""
        return constant(expr, self._constants)
