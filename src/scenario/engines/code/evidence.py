"""A failing execution as facts for the report: its steps as lines of the user's code, and who waits for whom."""

from __future__ import annotations

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.operation import EVERYTHING, Location, Operation
from scenario.engines.code.places import END
from scenario.engines.code.world import World
from scenario.results.code import Row, Stuck

QUIET = ("reads", "writes", "ends")
"""What is shown only if another thread's step is in conflict with it."""


METHOD = frozenset({"<builtin_function_or_method>", "<builtin_method>", "<method>", "<function>"})
"""What is read where a method is looked up: the call is what is shown."""


class Evidence:
    """Looks at the execution that confirms a failure, while its threads still stand where it ended. `numbers`: which steps the rows are."""

    def __init__(self) -> None:
        self.rows: tuple[Row, ...] = ()
        self.numbers: tuple[int, ...] = ()
        self.stuck: tuple[Stuck, ...] = ()

    def look(self, world: World) -> None:
        """Takes down what is there."""
        values, others = {} if world.values is None else world.values.texts, _Others(world)
        shown = {
            number: _row(step, values.get(number), conflicts=conflicts)
            for number, step in enumerate(world.steps)
            if ((conflicts := others.conflict(step)) or step.operation.verb not in QUIET)
            and values.get(number) not in METHOD
        }
        self.rows, self.numbers = tuple(shown.values()), tuple(shown)
        self.stuck = tuple(
            _stuck(actor, actor.next)
            for actor in world.unfinished()
            if actor.next is not None and not actor.next.goes_round
        )


class _Others:
    """By location who touches it and who changes it: in steps, and in what they stand before."""

    def __init__(self, world: World) -> None:
        self._touch: dict[Location, set[Actor]] = {}
        self._change: dict[Location, set[Actor]] = {}
        for step in world.steps:
            self._add(step.actor, step.operation)
        for actor in world.actors:
            if actor.next is not None:
                self._add(actor, actor.next)
        self._all = set(world.actors)

    def _add(self, actor: Actor, operation: Operation) -> None:
        for location, changes in operation.touches:
            self._touch.setdefault(location, set()).add(actor)
            if changes:
                self._change.setdefault(location, set()).add(actor)

    def conflict(self, step: Step) -> bool:
        """Whether another thread's depends on it."""
        found = set(self._touch.get(EVERYTHING, ()))
        for location, changes in step.operation.touches:
            if location == EVERYTHING:
                found |= self._all
            found |= (self._touch if changes else self._change).get(location, set())
        return bool(found - {step.actor})


def _row(step: Step, value: str | None, *, conflicts: bool) -> Row:
    place = step.operation.place
    verb = "times out" if step.timed_out else step.operation.verb
    of = "" if place is END else target(step.operation)
    return Row(step.actor.name, place.file, place.line, place.source, verb, of, value, conflicts)


def _stuck(actor: Actor, operation: Operation) -> Stuck:
    place = operation.place
    holder, since = "", ""
    if operation.holders is not None and (names := operation.holders()):
        holder, since = names[0], names[1] if len(names) > 1 else ""
    return Stuck(actor.name, place.file, place.line, place.source, operation.verb, target(operation), holder, since)


def target(operation: Operation) -> str:
    """What is accessed, as the code has it: of a call of a primitive's method, the primitive."""
    text = operation.place.text
    if operation.verb in ("reads", "writes"):
        return text
    owner, _, method = text.rpartition(".")
    return owner if owner and method.isidentifier() and operation.place.text.endswith(METHODS) else text


METHODS = (
    ".abort", ".acquire", ".release", ".reset", ".wait", ".wait_for", ".notify", ".notify_all", ".set", ".clear", ".is_set", ".locked",
    ".put", ".get", ".put_nowait", ".get_nowait", ".join", ".start", ".is_alive", ".cancel",
)  # fmt: skip
