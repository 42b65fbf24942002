"""Each place that a primitive or a verb touches, left out in a copy of the package: who says that it is missing?

    python tests/language/leaving_out.py          # each alone, some minutes
    python tests/language/leaving_out.py ends     # those whose place has the word

`test_leaving_out.py` leaves many out at once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

ROOT = Path(__file__).parents[2]
STEPS = "engines/explore/step/primitives"
CACHE = ".mypy_cache"
WAITS = "report/words/waits.py"
TOLD = " ".join(
    f"-p scenario.{package}"
    for package in ("language", "program", "steps", "compile", "real", "interpreter", "export", "report.words",
                    "engines.explore.step", "engines.explore.compile", "engines.threads.watch")
)  # fmt: skip
"""Where mypy tells: half of the package, in half of the time."""


@dataclass(frozen=True)
class Place:
    """What stands there of an existing primitive or verb (a pattern), and what stands there without it.

    `by`: who tells, `says`: the words by which one knows that it is told of this place.
    """

    file: str
    what: str
    pattern: str
    without: str
    by: Literal["mypy", "catalogue", "steps", "stuck", "runtimes"]
    says: str
    alone: bool = False
    """Without it the tests can not even be collected."""


def of_class(name: str, line: str) -> str:
    """The pattern of a line in the body of a class, with its beginning."""
    return rf"(class {name}\(Operation\):\n(?:(?!\n\n\n).)*?)\n    {re.escape(line)}(?=\n)"


PRIMITIVE = (
    Place("language/primitives.py", "its class in `Kind`", r"SimpleQueue \| ThreadLocal \|", "SimpleQueue |", "mypy", "language/primitives.py:"),
    Place("language/primitives.py", "its entry in KINDS", r'    "SimpleQueue": Entry\(\n.*?\n    \),\n', "", "catalogue", "language/primitives.py: KINDS has no SimpleQueue"),
    Place("language/primitives.py", "an argument of its constructor", r'\{"Semaphore": 3\},\n        _VALUE,', '{"Semaphore": 3},\n        (),', "catalogue", "language/primitives.py: arguments of Semaphore"),
    Place("language/primitives.py", "what editors say of an argument", r'    "parties": \(.*?\n', "", "catalogue", "language/primitives.py: ARGUMENTS has no parties"),
    Place("language/runtimes.py", "a runtime that has none", r'        "RLock": "write.*?\n', "", "runtimes", "language/runtimes.py: KINDS_MISSING of asyncio has no RLock"),
    Place("compile/primitives.py", "who computes its arguments", r'"Barrier": Constructors.build_barrier, ', "", "catalogue", "compile/primitives.py does not know how to compute those of Barrier"),
    Place(f"{STEPS}/table.py", "its model's row", r"        case p.RLock\(\):\n.*?\n", "", "mypy", '"assert_never" has incompatible type "RLock"'),
    Place(f"{STEPS}/processes/table.py", "its model's row on multiprocessing", r"        case p.SimpleQueue\(\):\n.*?\n", "", "mypy", "primitives/processes/table.py:"),
    Place(f"{STEPS}/", "first of its model", r"    def first\(self\) -> EventState:\n.*?\n\n", "", "mypy", 'abstract class "EventModel" with abstract attribute "first"'),
    Place(f"{STEPS}/", "taken of its model", r"    def taken\(self, state: int\) -> int:\n.*?\n\n", "", "mypy", 'abstract class "SemaphoreModel" with abstract attribute "taken"'),
    Place(f"{STEPS}/", "what its model's `taken` counts", r"return self._value - state", "return 0", "steps", "after which its models' `taken` tell"),
    Place(f"{STEPS}/", "wait of its model", r"    def wait\(self, at: Standing\) -> Wait:\n(?:(?!\n\n).)*?Wait\(\"barrier\".*?\n\n", "", "mypy", 'abstract class "BarrierModel" with abstract attribute "wait"'),
    Place(f"{STEPS}/", "who has it, in the wait of its model", r'(Wait\("semaphore", at.w.layout.name_of\(self.number\)), at.held.get\(self.number, \(\)\)', r"\1", "steps", "holders in the `wait` of the models that Acquire is used on"),
    Place(f"{STEPS}/", "how threads in it are renamed", r"    def renamed\(self, state: State, new: Mapping\[int, int\]\) -> State:\n        return tuple\(.*?\n\n", "", "mypy", 'abstract class "ConditionModel" with abstract attribute "renamed"'),
    Place(f"{STEPS}/", "what may be asked", r'"n_waiting": [^\n]*?, ', "", "catalogue", "BarrierModel.asked has no n_waiting"),
    Place("interpreter/objects.py", "the real object", r"            case p.Event\(\):\n.*?\n", "", "mypy", "interpreter/objects.py:"),
    Place("engines/tasks/objects.py", "the real object on asyncio", r"        case p.Event\(\):\n.*?\n", "", "runtimes", "has no Event, and engines/tasks/objects.py does not make it"),
    Place("engines/processes/building.py", "the real object on multiprocessing", r"        case p.SimpleQueue\(\):\n.*?\n", "", "runtimes", "has no SimpleQueue, and engines/processes/building.py does not make it"),
    Place("export/python/objects.py", "how a program makes it", r" \| p.SimpleQueue\(\)", "", "mypy", "export/python/objects.py:"),
    Place("export/python/helpers.py", "what the program has of its own", r'    "compute": Helper\(.*?\n    \),\n', "", "catalogue", "export/python/helpers.py has no compute"),
    Place("engines/threads/watch/library.py", "the function in which a thread waits", r"    threading.Event.wait.__code__: .*?\n", "", "catalogue", "watch/library.py has no function that waits for event"),
    Place("results/waiting.py", "its kind of wait", r'"semaphore", "event", ', '"semaphore", ', "mypy", "incompatible type \"Literal['event']\""),
    Place(WAITS, "its wait in words", r'        case "room":\n.*?\n', "", "mypy", f"{WAITS}:"),
)  # fmt: skip

VERB = (
    Place("language/verbs.py", "its entry", r'    "notify_all": Verb\(.*?\n', "", "catalogue", "language/verbs.py has no notify_all"),
    Place("language/verbs.py", "a kind that it is used on", r'\("Event", "Condition", "Barrier"\),\n        \(_TIMEOUT', '("Event", "Condition"),\n        (_TIMEOUT', "catalogue", "language/verbs.py: wait is not on Barrier"),
    Place("language/verbs.py", "what editors say of an argument", r'    "item": \(.*?\n', "", "catalogue", "language/verbs.py: MODIFIERS has no item"),
    Place("program/operations.py", "its class in AnyOperation", r" \| Get \| TaskDone", " | Get", "catalogue", "program/operations.py: AnyOperation has no", alone=True),
    Place("program/operations.py", "the kinds that it is for", of_class("WaitEvent", 'on = ("Event",)'), r"\1", "catalogue", "EventModel.steps has no WaitCondition"),
    Place("program/operations.py", "its name where the verb is shared", of_class("WaitBarrier", 'operation = "wait barrier"'), r"\1", "catalogue", "program/operations.py: operation of WaitBarrier"),
    Place("program/operations.py", "waits_for", of_class("WaitEvent", 'waits_for = "event"'), r"\1", "steps", "program/operations.py: waits_for of WaitEvent"),
    Place("program/operations.py", "a second of `ends`", r'ends = \("lock", "semaphore"\)\n\n    n:', 'ends = ("lock",)\n\n    n:', "steps", "program/operations.py: ends of Release"),
    Place("program/operations.py", "effects", of_class("SetEvent", 'effects = ("set",)'), r"\1", "steps", "program/operations.py: effects of SetEvent"),
    Place("program/operations.py", "effects that nobody waits for", of_class("ClearEvent", 'effects = ("clear",)'), r"\1", "steps", "program/operations.py: effects of ClearEvent"),
    Place("program/operations.py", "who has it afterwards", of_class("Acquire", 'holds = "takes"'), r"\1", "steps", "program/operations.py: holds of Acquire"),
    Place("program/operations.py", "who gives it back", of_class("Release", 'holds = "gives back"'), r"\1", "steps", "program/operations.py: holds of Release"),
    Place("program/operations.py", "gives_plain", of_class("WaitEvent", "gives_plain = True"), r"\1", "steps", "program/operations.py: gives_plain of WaitEvent"),
    Place("program/operations.py", "a field for an argument", of_class("ShutdownQueue", "immediate: Expr | None = None"), r"\1", "mypy", "ShutdownQueue"),
    Place(f"{STEPS}/events.py", "its step in the model", r"ops.SetEvent: \w+, ", "", "catalogue", "EventModel.steps has no SetEvent"),
    Place("engines/threads/watch/library.py", "another function in which a thread waits", r"    queue.Queue.join.__code__: .*?\n", "", "catalogue", "watch/library.py has no function that waits for tasks"),
)  # fmt: skip

OF_ITS_OWN = (
    Place("spec/steps.py", "its model", r"Mark, Sleep, ", "Mark, ", "catalogue", "spec/steps.py", alone=True),
    Place("program/ops.py", "its class in `Op`", r"    \| Print \| Mark", "    | Mark", "mypy", '(got "Print", expected'),
    Place("compile/steps/lower.py", "who lowers it", r"spec.Sleep: on_objects.lower_sleep,", "", "catalogue", "compile/steps/lower.py: LOWER has no sleep"),
    Place("steps/lower/bodies.py", "its instructions", r"        case ops.Sleep\(\):\n.*?\n", "", "mypy", "steps/lower/bodies.py:"),
    Place("real/emit/lower.py", "its lines", r"    elif isinstance\(op, ops.Mark\):\n.*?\n", "", "mypy", "emit/lower.py:"),
    Place("engines/explore/", "an instruction that is new", r" \| steps.Snooze\(\)", "", "mypy", "explore/compile/bodies.py:"),
    Place("interpreter/interpreter.py", "an instruction that is new", r"            case steps.Snooze\(\):\n.*?\n(?=            case)", "", "mypy", "interpreter/interpreter.py:"),
)  # fmt: skip
"""Of a verb that is no single call on an object."""

MORE_THAN_A_CALL = (
    Place("real/emit/operations.py", "what is more than a call", r"ops.Acquire: locks.acquire, ", "", "stuck", "told_alike_by_every_engine[Lock]"),
    Place("engines/threads/controlled/primitives.py", "what is more than a call", r"ops.Acquire: acquire, ", "", "stuck", "told_alike_by_every_engine[RLock]"),
)  # fmt: skip

ALL = (*PRIMITIVE, *VERB, *OF_ITS_OWN, *MORE_THAN_A_CALL)


def without(places: Iterable[Place], source: Path) -> None:
    """Leaves them out in the package at `source`."""
    for place in places:
        where = source / "scenario" / place.file
        found = 0
        for file in sorted(where.rglob("*.py")) if where.is_dir() else [where]:
            text, times = re.subn(place.pattern, place.without, file.read_text(), count=1, flags=re.DOTALL)
            if times:
                file.write_text(text)
                found += 1
        assert found == 1, f"{place.file}: {place.what} is in {found} files: this list is out of date"


def is_told(place: Place, said: str) -> bool:
    return any(place.says in line for line in said.splitlines())


def told(places: Sequence[Place], by: str) -> str:
    """What mypy, or the tests of this folder in `test_{by}.py`, say of a copy of the package without the places."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        if by == "mypy" and (ROOT / CACHE).exists():
            shutil.copytree(ROOT / CACHE, Path(folder) / CACHE)
        without(places, source)
        tests = f"pytest -q -p no:cacheprovider --tb=short --rootdir {ROOT} {ROOT}/tests/language/test_{by}.py"
        command = f"mypy --config-file {ROOT}/pyproject.toml {TOLD}" if by == "mypy" else tests
        surroundings = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", *command.split()], cwd=folder, env=surroundings, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return done.stdout + done.stderr


def main(words: list[str]) -> int:
    missed = 0
    for place in ALL:
        if all(word in f"{place.file} {place.what}" for word in words):
            found = is_told(place, told([place], place.by))
            missed += not found
            sys.stdout.write(f"{'told  ' if found else 'MISSED'} by {place.by:<9} {place.file}: {place.what}\n")
            sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
