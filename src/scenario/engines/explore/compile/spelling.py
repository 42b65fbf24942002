"""Values and places of instructions as Python source over a state `w` and a frame's slots `L`."""

from __future__ import annotations

from scenario.engines.explore.model.code import Function
from scenario.engines.explore.model.source import Spelling, function_of
from scenario.program.bounded.namespace import IN_PLACE
from scenario.steps import values as v
from scenario.steps.code import Code
from scenario.syntax import Const, Expr, Local, Slice, Subscript, Template


class Body:
    """Where the body keeps its locals, and what is written of them."""

    def __init__(self, code: Code) -> None:
        self.params = code.slots[: code.params]
        self._slots = {name: slot for slot, name in enumerate(code.slots)}
        self._spelling = Spelling(self)

    def slot(self, name: str) -> int:
        return self._slots[name]

    def function(self, value: v.Value) -> Function:
        if isinstance(value, Const) and type(value.value) in (
            int,
            str,
        ):  # each start of a hundred thousand threads has one
            return _constant(value.value)
        return function_of(self.source(value))

    def statement(self, source: str) -> Function:
        return function_of(source, statement=True)

    def source(self, value: v.Value) -> str:
        match value:
            case v.Sequence(of):
                return f"_sequence({self.text(of)})"
            case v.OwnSequence(handle):
                return f"None if w.is_loaded({self.slot(handle.name)}) else _sequence({self.text(handle)})"
            case v.Unpacked(of, before, after):
                return f"_unpacked({self.text(of)}, {before}, {after})"
            case v.Times(of):
                return f"_times({self.text(of)})"
            case v.Pause(seconds):
                return f"_seconds({self.text(seconds)})"
            case v.Timed(seconds):
                return f"_timed({self.text(seconds)})"
            case v.Deadline(seconds):
                return f"w.deadline_of({self.text(seconds)})"
            case v.Left(seconds, deadline):
                return f"w.left_of({self.text(seconds)}, {self.text(deadline)})"
            case v.Bound(of, method):
                return f"{self.text(of)}.{method}"
            case v.Copied(of):
                return f"_copied({self.text(of)})"
            case v.Caught():
                return "w.caught()"
            case v.Message(caught):
                return f"{self.text(caught)}.message"
            case v.IsContainer(of):
                return f"_is_container({self.text(of)})"
            case v.IsCaughtBy(exception, caught):
                return f"_catches({exception!r}, {self.text(caught)}.name)"
            case _:
                return self.text(value)

    def text(self, value: Expr | Template) -> str:
        return self._spelling.text(value)

    def load(self, handle: int, place: Expr) -> Function:
        """The object that stands at the place, into the slot of a handle."""
        return function_of(f"w.load({handle}, {self.text(place)})")

    # --- places --------------------------------------------------------------------------------------

    def store(self, place: Expr, value: Expr) -> str:
        """`place = value`."""
        return f"{self.text(place)} = {self._stored(place, value)}"

    def _stored(self, place: Expr, value: Expr) -> str:
        """The value for a place in a container, bounded where it may grow the container."""
        match place:
            case Subscript(container, Slice()):
                return f"_spliced({self.text(container)}, {self.text(value)})"
            case Subscript():
                return f"_nested({self.text(value)})"
            case _:
                return self.text(value)

    def remove(self, place: Expr) -> str:
        """`del place`."""
        match place:
            case Subscript(container, index) if not isinstance(index, Slice):
                return f"w.taking({self.text(container)}, 'del')({self.text(index)})"
            case _:
                return f"del {self.text(place)}"

    def change(self, place: Expr, operator: str, value: Expr) -> str:
        """`place op= value`."""
        where = f"L[{self.slot(place.name)}]" if isinstance(place, Local) else self.text(place)
        return in_place(where, operator, self.text(value))


def _constant(value: object) -> Function:
    return lambda _w, _slots: value


def in_place(place: str, operator: str, value: str) -> str:
    """`place op= value`, bounded where the result may be large."""
    bounded = IN_PLACE.get(operator)
    return f"{place} = {bounded}({place}, {value})" if bounded else f"{place} {operator}= {value}"
