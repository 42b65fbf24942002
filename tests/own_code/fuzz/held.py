"""What the explorer covers of a program, held against the oracle: an outcome that it has not is a false *holds*."""

import importlib.util
import re
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from types import SimpleNamespace

from own_code.fuzz.bytecode import Bytecode
from own_code.fuzz.drawn import THREADS, program

from scenario import explore_code

NUMBERS = count()
ADDRESS = re.compile("0x[0-9a-f]+")
PLAIN = (int, float, str, bytes, type(None), range, complex)


@dataclass
class Result:
    """`missed`: outcomes that the explorer has not seen, each with the oracle's plan."""

    verdict: str
    executions: int
    missed: dict
    text: str
    reason: str


def frozen(value, depth=6):
    """A value that can be compared, without addresses."""
    if isinstance(value, PLAIN):
        return ADDRESS.sub("0x", repr(value))
    if isinstance(value, BaseException):
        return type(value).__name__, frozen(value.args)
    if depth == 0 or callable(value):
        return type(value).__name__
    if isinstance(value, Mapping):
        return type(value).__name__, tuple((frozen(k), frozen(v, depth - 1)) for k, v in list(value.items()))
    if isinstance(value, (set, frozenset)):
        return type(value).__name__, tuple(sorted(map(repr, value)))
    if isinstance(value, (list, tuple, deque, bytearray)):
        return type(value).__name__, tuple(frozen(each, depth - 1) for each in value)
    own = type(value).__module__.startswith("fuzzed") or isinstance(value, SimpleNamespace)
    if own:
        slots = {name: getattr(value, name) for name in getattr(type(value), "__slots__", ()) if hasattr(value, name)}
        fields = {**slots, **getattr(value, "__dict__", {})}
        return type(value).__name__, tuple((name, frozen(each, depth - 1)) for name, each in sorted(fields.items()))
    return (type(value).__name__, *(frozen(value.tolist()) for _ in [0] if hasattr(value, "tolist")))


def observed(names):
    def observe(state, module):
        kept = [frozen(module.get(name)) for name in names]
        fields = tuple((k, frozen(v)) for k, v in sorted(vars(state).items()) if k != "lock")
        classes = [
            (
                name,
                frozen({k: v for k, v in vars(each).items() if isinstance(v, (int, str)) and not k.startswith("__")}),
            )
            for name, each in sorted(module.items())
            if isinstance(each, type) and each.__module__.startswith("fuzzed")
        ]
        return fields, tuple(kept), tuple(classes)

    return observe


def imported(folder, text):
    name = f"fuzzed_{next(NUMBERS)}"
    file = folder / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    made = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def held(folder, seed, most=1200, seconds=10.0):
    """Explored and executed by the oracle."""
    text, names = program(seed)
    return judged(folder, text, names, seed, most, seconds)


def judged(folder, text, names=(), seed=0, most=1200, seconds=10.0):
    observe = observed(names)
    module = imported(folder, text)
    seen = set()

    def setup():
        module.reset()
        return module.State()

    def check(state):
        seen.add(observe(state, vars(module)))

    strategy = "auto" if seed % 3 == 0 else "reduced"
    try:
        found = explore_code(
            setup,
            [getattr(module, name) for name in THREADS],
            check=check,
            modules=[module],
            max_seconds=seconds,
            strategy=strategy,
        )
    finally:
        del sys.modules[module.__name__]
    reason = found.text() if found.verdict != "holds" else ""
    if found.verdict != "holds":
        return Result(found.verdict, found.executions, {}, text, reason)
    oracle = Bytecode(text, module.__file__ + "x", THREADS, observe).outcomes(Random(seed), most)
    missed = {outcome: plan for outcome, plan in oracle.items() if outcome not in seen}
    return Result(found.verdict, found.executions, missed, text, reason)
