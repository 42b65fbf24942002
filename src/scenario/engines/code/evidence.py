"""A failing execution as facts for the report: its steps as lines of the user's code, and who waits for whom."""

from __future__ import annotations

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.operation import Operation, dependent
from scenario.engines.code.world import World
from scenario.results.code import Row, Stuck

QUIET = ("reads", "writes", "ends")
"""What is shown only if another thread's step is in conflict with it."""


class Evidence:
    """Looks at the execution that confirms a failure, while its threads still stand where it ended."""

    def __init__(self) -> None:
        self.rows: tuple[Row, ...] = ()
        self.stuck: tuple[Stuck, ...] = ()

    def look(self, world: World) -> None:
        """Takes down what is there."""
        values = world.values or {}
        self.rows = tuple(
            _row(step, values.get(number), conflicts=conflicts)
            for number, step in enumerate(world.steps)
            if (conflicts := _conflicts(world, step)) or step.operation.verb not in QUIET
        )
        self.stuck = tuple(_stuck(actor, actor.next) for actor in world.unfinished() if actor.next is not None)


def _conflicts(world: World, step: Step) -> bool:
    """With a step of another thread, or with what another one waits for."""
    others = [(other.actor, other.operation) for other in world.steps]
    others += [(actor, actor.next) for actor in world.actors if actor.next is not None]
    touches = step.operation.touches
    return any(actor is not step.actor and dependent(operation.touches, touches) for actor, operation in others)


def _row(step: Step, value: str | None, *, conflicts: bool) -> Row:
    place = step.operation.place
    verb = "times out" if step.timed_out else step.operation.verb
    return Row(step.actor.name, place.file, place.line, place.source, verb, target(step.operation), value, conflicts)


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
