"""The threads of a file, and what may interrupt them."""

from __future__ import annotations

from collections.abc import Mapping

from scenario import syntax
from scenario.compile import codes
from scenario.compile.constants import Evaluator
from scenario.compile.findings import Findings, did_you_mean
from scenario.compile.names.assigned import assigned
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import THREAD_LOCALS, Names, Thing
from scenario.compile.steps.body import CALLED, OUTERMOST, Body, Frame
from scenario.compile.steps.lower import lowered
from scenario.compile.steps.pools import in_order, named_routine
from scenario.program import ops, program
from scenario.source import Span
from scenario.spec.scenario import Scenario, Thread
from scenario.syntax import Expr


class Threads:
    """Lowers the entries of `threads`; what is wrong with them is reported to `found`."""

    def __init__(
        self, model: Scenario, names: Names, resolver: Resolver, evaluator: Evaluator, found: Findings
    ) -> None:
        self.model = model
        self.names = names
        self.resolver = resolver
        self.evaluator = evaluator
        self.found = found

    def group(self, key: str, model: Thread, routines: Mapping[str, program.Routine]) -> program.ThreadGroup:
        thing = self.names.get(key)
        size = thing.size if thing is not None and thing.role == "thread" else None
        body = self._run(key, model, routines) if model.run is not None else self._steps(key, model)
        return program.ThreadGroup(
            key,
            self._thread_names(key, model, size),
            body,
            is_group=model.count is not None,
            daemon=self._daemon(model),
            class_name=model.class_,
            timer=self._timer(model),
            span=self.model.entry("threads", key),
        )

    def interrupt(self, key: str, model: Thread) -> program.Interrupt:
        """What may come in the middle of a thread, a group, or an explicit `main`."""
        at, target = model.at("interrupts"), model.interrupts or ""
        thing = self.names.get(target)
        is_main = target == "main" and self.model.main is not None
        if not is_main and (thing is None or thing.role != "thread") and not self.names.doubts(target):
            self._no_target(target, thing, at)
        times = 1 if model.times is None else self._times(model.times)
        return program.Interrupt(key, target, times, span=self.model.entry("threads", key))

    def _no_target(self, target: str, thing: Thing | None, at: Span) -> None:
        if target == "main":
            message, hint = "`main` takes no steps here that could be interrupted", "write a `main`, or name a thread"
        else:
            message = f"there is no thread `{target}`" if thing is None else f"`{target}` is {thing.words()}, no thread"
            near = did_you_mean(target, [*self.names.named("thread"), "main"])
            hint = f"did you mean `{near}`?" if near else "an interrupt names a thread, a group or `main`"
        self.found.add(codes.INTERRUPT, message, at, hint)

    def _times(self, node: Expr) -> int:
        before = self.found.count
        value = self.evaluator.value(node)
        if type(value) is int and value >= 0:
            return value
        if self.found.count == before:
            self.found.add(codes.COUNT, f"`times` is an integer from 0 on, not {value!r}", node.span)
        return 1

    def handler(self, of: program.Interrupt, routines: Mapping[str, program.Routine]) -> program.Routine:
        """The body of an interrupt, which nothing calls by name."""
        model = self.model.threads[of.routine]
        body = (
            self._run(of.routine, model, routines) if model.run is not None else self._steps(of.routine, model, CALLED)
        )
        return program.Routine(of.routine, (), body, span=of.span)

    def _steps(self, key: str, model: Thread, frame: Frame = OUTERMOST) -> ops.Block:
        steps = model.steps or ()
        locals_ = THREAD_LOCALS.union(assigned(steps))
        self.resolver.registers[key] = locals_ - THREAD_LOCALS
        return self._body(locals_).block(steps, frame)

    def _run(self, key: str, model: Thread, routines: Mapping[str, program.Routine]) -> ops.Block:
        """`run: routine`: its parameters are assigned, then its steps are the thread's."""
        name = model.run or ""
        lowering = self._body(THREAD_LOCALS)
        args = {param: lowering.value(node) for param, node in model.args.items()}
        thing = named_routine(lowering, name, model.at("run"))
        if thing is None or name not in routines:
            if thing is not None:
                self.found.add(codes.ROUTINE, f"`{name}` is {thing.words()}: a thread runs a routine", model.at("run"),
                               f"write `steps: [{{call: {name}}}]`")  # fmt: skip
            return ()
        in_order(lowering, thing, args, model, "args" if model.args else "run")
        routine = self.model.routines[name]
        self.resolver.registers[key] = frozenset(routine.params).union(assigned(routine.steps))
        assigns = [
            syntax.Assign((syntax.Local(param, span=value.span),), value, span=model.entry("args", param))
            for param, value in args.items()
        ]
        return (*assigns, *routines[name].body)

    def _thread_names(self, key: str, model: Thread, size: int | None) -> tuple[str, ...]:
        if model.name is None:
            return (key,) if size is None else tuple([f"{key}-{index}" for index in range(size)])
        if all(isinstance(part, str) for part in model.name.parts):
            return ("".join(str(part) for part in model.name.parts),) * (1 if size is None else size)
        return tuple([self.evaluator.text(model.name, index) for index in range(1 if size is None else size)])

    def _daemon(self, model: Thread) -> bool:
        if model.daemon is None:
            return False
        before = self.found.count
        value = self.evaluator.value(model.daemon)
        if not isinstance(value, int) and self.found.count == before:
            self.found.add(codes.COMPUTED, f"`daemon` is true or false, not {value!r}", model.daemon.span)
            return False
        return bool(value)

    def _timer(self, model: Thread) -> float | None:
        if model.timer is None:
            return None
        before = self.found.count
        value = self.evaluator.value(model.timer)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if self.found.count == before:
            self.found.add(codes.COMPUTED, f"a timer is a number of seconds, not {value!r}", model.timer.span)
        return 0.0

    def _body(self, names: frozenset[str]) -> Body:
        return Body(self.resolver, self.names, self.found, names, lowered)
