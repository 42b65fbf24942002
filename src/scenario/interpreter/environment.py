"""Expressions over the real objects as they are now, all at once: no step."""

from __future__ import annotations

from typing import Any

from scenario.interpreter import objects as real
from scenario.interpreter.host import Host, Member
from scenario.program.evaluate import Asking, evaluate, render
from scenario.program.exceptions import unset_free, unset_local
from scenario.program.pycode import index_source
from scenario.record import record
from scenario.syntax import Expr, Register, Template, TlsField

Locals = dict[str, object]


@record
class Held:
    """What a handle holds of a shared object that was loaded; what is the thread's own it holds as it is."""

    value: object


class _Names(Asking):
    """A thread has fields of its own, and no registers; Python tells where in it a local is unset."""

    def free(self, name: str) -> str:
        return f"e.free({name!r})"

    def tls(self, node: TlsField) -> str:
        return f"e.tls({node.tls.name!r}, {index_source(node.tls, self)}, {node.field!r})"

    def register(self, node: Register) -> str:
        raise TypeError(f"a register is no part of a step: {node!r}")


_NAMES = _Names()


class LiveEnvironment:
    """The environment of one thread in one frame (see `program.evaluate.Environment`)."""

    def __init__(self, stage: Host, frame: Locals, own: Member | None = None) -> None:
        """`own`: the thread whose environment it is (else the one that makes it); others may ask in its name."""
        self.stage = stage
        self.frame = frame
        self.own = own or (stage.current() if stage.has_entered() else None)

    def plain(self, node: Expr | Template) -> Any:
        """The value now."""
        return render(node, self, _NAMES) if isinstance(node, Template) else evaluate(node, self, _NAMES)

    def local(self, name: str) -> object:
        if name in ("name", "index"):
            return getattr(self.own, name)
        if name not in self.frame:
            raise UnboundLocalError(unset_local(name))
        value = self.frame[name]
        return value.value if isinstance(value, Held) else value

    def free(self, name: str) -> object:
        if name not in self.frame and name not in ("name", "index"):
            raise NameError(unset_free(name))
        return self.local(name)

    def shared(self, name: str) -> object:
        return self.stage.shared[name]

    def tls(self, name: str, index: int | None, field: str) -> object:
        return getattr(self.object(name, index), field)

    def register(self, thread: str, _: int | None, local: str) -> object:
        raise LookupError(f"no registers before the end: {thread}.{local}")

    def own_future(self, name: str, index: int | None) -> object:
        return self.object(name, index)

    def future(self, future: Any, attribute: str) -> object:
        return future.exception(0) if attribute == "exception" else getattr(future, attribute)()

    def now(self) -> float:
        return self.stage.moment

    def object(self, name: str, index: int | None) -> object:
        """A primitive, or an element of an array of them."""
        place = self.stage.objects[name]
        return place if index is None else place[index]

    def query(self, name: str, index: int | None, attribute: str) -> Any:
        """The state of a primitive or thread."""
        if name in self.stage.objects:
            return real.state(self.object(name, index), attribute)
        members = self.stage.members(name, index)
        match attribute:
            case "alive":
                return sum(member.alive for member in members)
            case "blocked":
                return sum(member.alive and member.blocked for member in members)
            case "is_alive":
                return members[0].alive
            case _:
                return getattr(members[0], attribute)
