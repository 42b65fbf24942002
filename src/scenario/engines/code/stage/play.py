"""One execution of a file: its variables, objects and threads (`interpreter.host.Host`), and who of them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import Touches, content
from scenario.engines.code.places import END
from scenario.engines.code.prepared import Prepared
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.primitives.barriers import Rounds
from scenario.engines.code.runtime.primitives.calls import Calls, FilePool
from scenario.engines.code.runtime.primitives.locks import RLOCK, Hold
from scenario.engines.code.runtime.primitives.pools import close
from scenario.engines.code.stage.bodies import OUTPUT, Bodies, Site
from scenario.engines.code.stage.fields import Fields
from scenario.engines.code.stage.roles import Role
from scenario.engines.code.world import World
from scenario.interpreter import objects as real
from scenario.interpreter.environment import LiveEnvironment
from scenario.interpreter.objects import Builder
from scenario.program.evaluate import Raised, tried
from scenario.program.program import Program, ThreadLocal, ThreadPool, element_name, thread_ref
from scenario.real.values import error_of, fresh
from scenario.results.failures import AlwaysFalse, Failure, Untrue
from scenario.syntax import Expr


class Play:
    """`callables`: the user's own functions, by their names in the file; `start`: how a thread is; `perform`: how an operation is done."""

    def __init__(
        self,
        bodies: Bodies,
        world: World,
        prepared: Prepared,
        callables: Mapping[str, Callable[..., object]],
        start: Callable[[Play, Role], None],
        perform: Callable[..., object],
    ) -> None:
        self.bodies, self.world, self.prepared, self.callables = bodies, world, prepared, callables
        self.program: Program = bodies.program
        self.routines = bodies.routines
        self.shared = {var.name: fresh(var.value) for var in self.program.vars}
        self.objects: dict[str, object] = {}
        self.output: list[str] = []
        self.marks: list[str] = []
        self.failures: dict[object, Failure] = {}
        self.reached: set[int] = set()
        self.untrue: set[Untrue] = set()
        self.moment, self.is_virtual = 0.0, False
        self.roles: dict[str, Role] = {}
        self._line, self._start, self.perform = "", start, perform
        self._cast()

    def _cast(self) -> None:
        if self.program.main is not None:
            self._add(Role("main", "MainThread", 0, "main"))
        for group in self.program.groups:
            for index, name in enumerate(group.names):
                self._add(Role(thread_ref(group, index), name, index, group.key, daemon=group.daemon))

    def _add(self, role: Role) -> None:
        self.roles[role.ref] = role

    def build(self, action: Callable[[str], Callable[..., object]]) -> None:
        """The objects, each once; `action`: a routine as a barrier's action."""
        self.objects.update(Builder(action, partial(_pool, action), _no_pool).build(self.program.primitives))
        for primitive in self.program.primitives:
            fields: list[object] = [
                Fields(self.current) for kind in primitive.elements if isinstance(kind, ThreadLocal)
            ]
            if fields:
                self.objects[primitive.name] = fields if primitive.is_array else fields[0]

    def start(self, role: Role) -> None:
        """Its thread goes up to its first step."""
        self._start(self, role)

    # --- what is asked of it ------------------------------------------------------------------------------

    def members(self, group: str, index: int | None = None) -> list[Role]:
        found = [role for role in self.roles.values() if role.group == group]
        return found if index is None else [found[index]]

    def current(self) -> Role:
        """The thread that calls; one that the user's own code has started plays a role too if it comes to a callback."""
        actor = self.world.current
        assert actor is not None
        found = self.role_of(actor)
        if found is None:
            found = self.roles[actor.name] = self._guest(actor)
            found.play(actor)
        return found

    def _guest(self, actor: Actor) -> Role:
        """The part of a worker, or of a thread that the user's own code has started."""
        for pool, calls in self.world.shadows(Calls):
            if isinstance(pool, FilePool) and actor in calls.workers:
                index = calls.workers.index(actor)
                return Role(actor.name, actor.thread.name, index, f"{pool.label}-worker")
        return Role(actor.name, actor.name, 0, "", daemon=actor.daemon)

    def enter(self, role: Role) -> None:
        """The thread that calls plays it."""
        assert self.world.current is not None
        role.play(self.world.current)

    def has_entered(self) -> bool:
        return self.world.current is not None

    def close_pools(self, joined: Sequence[Role] = ()) -> None:
        """The last that the main thread does, once these have ended: they take no more calls."""
        actor, open_pools = self.world.current, list(self.pools())
        assert actor is not None
        if open_pools:
            close(Here(self.world, actor, END, 0), open_pools, [role.thread for role in joined], lambda: over(joined))

    def pools(self) -> Iterator[ThreadPoolExecutor]:
        """Those of the file."""
        for place in self.objects.values():
            yield from (each for each in (place if isinstance(place, list) else [place]) if isinstance(each, FilePool))

    def here(self, site: Site) -> Here:
        """For what the current thread does at a place."""
        actor = self.world.current
        assert actor is not None
        return Here(self.world, actor, site.place, site.number)

    def touches(self, site: Site) -> Touches:
        """What an access touches: variables, and the objects and threads whose state it asks for."""
        if not site.asks:
            return site.touches
        asked = [(content(each), False) for name, _ in site.asks for each in self._asked(name)]
        return (*site.touches, *asked)

    def _asked(self, name: str) -> Iterator[object]:
        if name in self.objects:
            place = self.objects[name]
            yield from place if isinstance(place, list) else [place]
        else:
            yield from (role.thread for role in self.members(name))

    def names(self) -> dict[int, str]:
        """The objects by their ids, as the file calls them."""
        found = {}
        for name, place in self.objects.items():
            for index, each in enumerate(place if isinstance(place, list) else [place]):
                label = element_name(name, index if isinstance(place, list) else None)
                found[id(each)] = label
                if lock := vars(each).get("_lock") if hasattr(each, "__dict__") else None:
                    found.setdefault(id(lock), label)
        return found | {id(role.thread): role.ref for role in self.roles.values()}

    # --- what is said ---------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """What the user's own code prints is output, as if a step had printed it."""
        *lines, self._line = (self._line + text).split("\n")
        self.output += lines

    def print(self, here: Here, *values: object, sep: str = " ", end: str = "\n", **_: object) -> None:
        """`print` in the user's own code: a step if the file asks for the output."""
        if self.program.claims.output is not None:
            here.step_at(((OUTPUT, True),), "prints")
            self.say(sep.join(map(str, values)) + end)

    # --- what is looked at in every state -------------------------------------------------------------------

    def look(self) -> None:
        """Claims over states, before the first step and after each."""
        for number, claim in enumerate(self.program.claims.reachable):
            if number in self.reached:
                continue
            said = self.says(claim.expr)
            if said is True:
                self.reached.add(number)
            elif isinstance(said, Raised):
                self.untrue.add(Untrue("reachable", number, error_of(said.error)))
        for claim in self.program.claims.always:
            key = ("always", claim.span)
            if key not in self.failures and (said := self.says(claim.expr)) is not True:
                raised = error_of(said.error) if isinstance(said, Raised) else None
                step = self.world.steps[-1] if self.world.steps else None
                role = None if step is None else self.role_of(step.actor)
                span = role and step and self.bodies.spans.get(step.operation.place, role.called)
                where: Literal["start"] | int = span.line if span else "start"
                fact = AlwaysFalse(claim.text, where, raised)
                self.failures[key] = Failure(fact, claim.span, None if role is None else role.ref)

    def role_of(self, actor: object) -> Role | None:
        """Whose part a thread plays; None: one that the user's own code has started."""
        return next((role for role in self.roles.values() if role.actor is actor), None)

    def says(self, claim: Expr) -> bool | Raised:
        """Whether it holds, or what it raises."""
        return tried(lambda: bool(Environment(self, {}).plain(claim)))


def over(roles: Iterable[Role]) -> bool:
    """Whether all of them have ended."""
    return not any(role.alive for role in roles)


def _pool(action: Callable[[str], Callable[..., object]], label: str, kind: ThreadPool, prefix: str) -> object:
    initializer = None if kind.initializer is None else action(kind.initializer)
    return FilePool(label, kind.max_workers, prefix, initializer)


def _no_pool(*_: object) -> object:
    raise TypeError("a file with a process pool and own code is not explored")


class Environment(LiveEnvironment):
    """Objects whose state is known to the execution alone are asked there."""

    stage: Play

    def query(self, name: str, index: int | None, attribute: str) -> object:
        if name not in self.stage.objects:
            return super().query(name, index, attribute)
        place, world = self.object(name, index), self.stage.world
        lock = real.lock_of(place)
        if attribute == "locked" and isinstance(lock, RLOCK):
            return world.shadow(lock, Hold).holder is not None
        if attribute == "n_waiting":
            return world.shadow(place, Rounds).current.waiting()
        if attribute == "broken":
            return world.shadow(place, Rounds).current.broken
        return super().query(name, index, attribute)
