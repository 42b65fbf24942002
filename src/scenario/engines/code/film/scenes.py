"""An execution that was followed as a film: the steps that others can see, as deeds and moves, and a frame before and after each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from scenario.engines.code.actors import Step
from scenario.engines.code.film.camera import Camera, Picture, Stance
from scenario.engines.code.film.labels import is_content, of_file, subject
from scenario.engines.code.operation import Operation
from scenario.engines.code.places import Place
from scenario.engines.code.shown import Notes
from scenario.engines.code.world import World
from scenario.results.frames import Film, Frame, Stands
from scenario.results.outcome import AsShown, Outcome
from scenario.results.schedule import NOTHING, Deed, Move, Schedule, Way
from scenario.source import START, Span

VERBS: Mapping[str, str] = {
    "acquires": "acquire", "releases": "release", "takes back": "wait", "is notified": "wait", "waits": "wait", "is set": "wait",
    "notifies": "notify", "notifies all": "notify_all", "sets": "set", "clears": "clear", "puts into": "put", "gets from": "get",
    "starts": "start", "joins": "join", "waits at": "wait", "submits to": "submit", "takes a call of": "take", "completes": "finish",
    "waits for": "result", "cancels": "cancel", "has done a task of": "task_done", "aborts": "abort",
}  # fmt: skip
"""The language's verbs for those of gates; the rest go by their own."""


def scenes(world: World, camera: Camera, steps: Sequence[int], end: Outcome, schedule: Schedule) -> Film:
    """`steps`: the numbers of those that are shown; `end`: what the execution came to."""
    director = _Director(world, camera, [each.name for each in world.actors])
    moves = tuple(director.move(before, number) for before, number in pairwise((-1, *steps)))
    names = {name for move in moves for name in (*move.reads, *move.writes)}
    pictures = [camera.pictures[number] for number in steps] + [camera.pictures[max(camera.pictures)]]
    frames = [director.frame(picture, names) for picture in pictures]
    values = {**frames[-1].outcome.shared, **end.shared}
    last = replace(frames[-1], outcome=replace(end, shared=values))
    return Film(replace(schedule, moves=moves), (*frames[:-1], last))


class _Director:
    def __init__(self, world: World, camera: Camera, threads: Sequence[str]) -> None:
        self._world, self._camera, self._threads = world, camera, threads
        self._notes = world.values or Notes()

    # --- states -------------------------------------------------------------------------------------

    def frame(self, picture: Picture, names: set[str]) -> Frame:
        """With the values of these names."""
        known = {**self._camera.first, **picture.values}
        own = {name: AsShown(text) for name, text in known.items() if name in names}
        return Frame(
            Outcome("ended", {**own, **picture.variables}, output=picture.output, marks=picture.marks),
            tuple(self._stands(name, picture.stances.get(name)) for name in self._threads),
            picture.holds,
            picture.truths,
        )

    def _stands(self, name: str, stance: Stance | None) -> Stands:
        if stance is None:
            return Stands(name, "not started")
        span, file = (None, "") if stance.place is None else self._at(stance.place)
        return Stands(name, stance.state, span, stance.wait, file=file)

    def _at(self, place: Place) -> tuple[Span | None, str]:
        span = self._camera.stage.span(place)
        if span is not None or not place.line:
            return span, ""
        return Span(place.line, place.column, place.line, place.column), place.file

    # --- steps --------------------------------------------------------------------------------------

    def move(self, before: int, number: int) -> Move:
        """The step of this number; those since `before` that are not shown are part of it."""
        step = self._world.steps[number]
        of, label = step.operation, self._camera.labels.of(step.operation)
        span, _ = self._at(of.place)
        changes = any(changed for _, changed in of.touches[:1])
        names = of_file(of) or (label,)
        is_access = of.verb in ("reads", "writes")
        return Move(
            step.actor.name,
            span=span or START,
            deeds=tuple(self._deeds(number, step, label)),
            way=_way(step),
            preempts=any(each.preempts for each in self._world.steps[before + 1 : number + 1]),
            reads=names if is_access and not changes else (),
            writes=names if is_access and changes else (),
            operation="access" if is_access else VERBS.get(of.verb, of.verb),
            object="" if is_access else label,
            lock=label if of.takes is not None or of.frees is not None else "",
            part="second" if of.verb in ("is notified", "takes back") else "first" if _queues(of) else "whole",
        )

    def _deeds(self, number: int, step: Step, label: str) -> Iterator[Deed]:
        of = step.operation
        span, file = self._at(of.place)
        text = self._notes.texts.get(number)
        value = NOTHING if text is None else AsShown(text)
        verb = {"reads": "read", "writes": "write"}.get(of.verb, VERBS.get(of.verb, of.verb))
        if of.verb == "ends":
            yield Deed("end", span=span or START, file=file)
        elif _is_call(of):
            yield Deed("call", f"{of.place.text}(…)", value, span or START, file=file)
        elif verb in ("read", "write") and (of_file(of) or is_content(subject(of) or "")):
            yield Deed(verb, of.place.text, value, span or START, file=file)
        else:
            yield Deed(verb, label, value, span or START, file=file)


def _is_call(of: Operation) -> bool:
    """Of a method of a container, or of a function that looks into one."""
    return of.verb in ("reads", "writes") and is_content(subject(of) or "") and f"{of.place.text}(" in of.place.source


def _queues(of: Operation) -> bool:
    return of.verb == "waits" and of.frees is not None


def _way(step: Step) -> Way:
    if step.timed_out:
        return "timeout"
    return "queues" if _queues(step.operation) else "ok"
