"""The Python API for code of one's own: `explore_code` runs functions as threads under every schedule that can make a difference."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TypeVar, cast, get_args

from scenario.engines.code import (
    Request,
    SetupFailed,
    Strategy,
    Test,
    explore_own_code,
    is_pythons,
    named,
    text_of_call,
    with_inner,
)
from scenario.report.code import brief, code_text
from scenario.report.style import Style
from scenario.results.code import CodeFailure, CodeResult, CodeVerdict, Race

__all__ = ["Explored", "explore_code"]

T = TypeVar("T")
SECONDS = 10.0
OfAny = Callable[[object], object]
"""What takes the state: each takes that of its own setup."""


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found. It is true where it holds, as a result of `explore` is."""

    name: str
    result: CodeResult
    replay: str
    request: Request = field(repr=False, compare=False)

    @property
    def verdict(self) -> CodeVerdict:
        """`holds`: every distinct interleaving was executed; `fails`: one was found that goes wrong; else `undecided`."""
        return self.result.verdict

    @property
    def holds(self) -> bool:
        """Whether every distinct interleaving was executed and none goes wrong."""
        return self.result.verdict == "holds"

    @property
    def failure(self) -> CodeFailure | None:
        """What goes wrong, with its schedule."""
        return self.result.failure

    @property
    def executions(self) -> int:
        """How often the code was executed."""
        return self.result.covered.executions

    @property
    def interleavings(self) -> int:
        """How many of them were distinct interleavings, where all were executed."""
        return self.result.covered.count

    @property
    def races(self) -> tuple[Race, ...]:
        """Data races that were seen, where they were asked for."""
        return self.result.races or ()

    def __bool__(self) -> bool:
        return self.holds

    def text(self) -> str:
        """The whole report."""
        return "\n".join(code_text(self.name, self.result, self.replay, Style()))

    def html(self) -> str:
        """A page of its own to step through: how it fails, beside that what passes; where it does not fail, some of its executions.

        It executes those again. Raises what `setup` raises.
        """
        from scenario.commands.pictures.own_code import code_page

        return code_page(self.name, self.result, self.replay, self.request)

    def brief(self) -> str:
        """What is wrong, in a line."""
        return brief(self.result)

    def raise_if_failed(self) -> None:
        """Raises AssertionError with the whole report."""
        if self.result.verdict == "fails":
            raise AssertionError(self.text())

    def __repr__(self) -> str:
        return f"<Explored {self.name}: {self.verdict}>"


def explore_code(
    setup: Callable[[], T],
    threads: Sequence[Callable[[T], object]],
    *,
    check: Callable[[T], object] | None = None,
    modules: Iterable[str | ModuleType] = (),
    max_seconds: float = SECONDS,
    max_executions: int | None = None,
    strategy: Strategy = "auto",
    schedule: str | None = None,
    races: bool = False,
    replay: str | None = None,
) -> Explored:
    """Runs `threads`, each as `thread(state)` with the state that `setup` makes, under every schedule; then `check(state)`.

    A thread that ends with an exception fails, so does a check that raises or gives False, and a deadlock. Under control is
    the code of the modules that the functions are from, and of `modules` (names or modules; of a package, what is imported of
    it). `schedule` is that of a failure: it alone is executed, on real threads. `races`: data races are listed too, also where nothing fails. `strategy`: `auto` what gives a verdict
    soonest, `every` interleaving, `reduced` one of each class (DPOR), `preemptions` 0, 1, 2, … of them; by chance, and never to the end,
    `priorities` (PCT) and `uniform`.

    Raises TypeError and ValueError for what these arguments can not be, ValueError for a module without source, and what `setup` raises.
    """
    _checked(setup, threads, check, strategy, max_seconds)
    test = Test(setup, named(cast("Sequence[OfAny]", threads)), cast("OfAny | None", check))
    chosen = tuple(dict.fromkeys([*_homes([setup, *threads, check]), *_named_modules(modules)]))
    request = Request(test, chosen, max_seconds, max_executions, strategy, schedule or "", races)
    try:
        result = explore_own_code(request)
    except SetupFailed as failed:
        raise failed.raised from None
    again = _with_schedule(text_of_call()) if replay is None and result.verdict == "fails" else replay or ""
    return Explored(" | ".join(name for name, _ in test.threads), result, again, request)


def _with_schedule(call: str) -> str:
    """The call once more, for a schedule, in one line; where it can not be written so, as much as holds of each."""
    joined = re.sub(r"(?<=[(\[{])\s*\n\s*|\s*\n\s*(?=[)\]}])", "", call)
    arguments = re.sub(r"\s*\n\s*", " ", joined).removesuffix(")").rstrip(" ,")
    is_plain = "\n" not in call or not any(quoted in call for quoted in ("#", "'''", '"""'))
    if not (call.endswith(")") and is_plain) or "schedule=" in call:
        return "scenario.explore_code(…, schedule='{}')"
    return arguments.replace("{", "{{").replace("}", "}}") + ", schedule='{}')"


def _checked(setup: object, threads: Sequence[object], check: object, strategy: str, max_seconds: float) -> None:
    """Raises TypeError and ValueError."""
    if callable(threads):
        raise TypeError(f"threads is a list of functions, not {threads!r}")
    if not threads:
        raise ValueError("threads is a list of functions, with one at least")
    for role, function in (("setup", setup), *(("a thread", thread) for thread in threads), ("check", check)):
        if function is None and role == "check":
            continue
        if not callable(function):
            raise TypeError(f"{role} is a function, not {function!r}")
        if inspect.iscoroutinefunction(function):
            raise TypeError(f"{role} is an `async def`: only threads are explored")
    if strategy not in get_args(Strategy):
        raise ValueError(f"strategy is one of {', '.join(map(repr, get_args(Strategy)))}, not {strategy!r}")
    if not max_seconds > 0:
        raise ValueError(f"max_seconds is more than 0, not {max_seconds}")


def _homes(functions: Iterable[object]) -> Iterator[ModuleType]:
    """The modules that functions are from, but for Python's own."""
    for function in functions:
        plain = function
        while isinstance(plain, partial):
            plain = plain.func
        name = getattr(inspect.unwrap(plain) if callable(plain) else plain, "__module__", None)
        module = sys.modules.get(str(name))
        if module is not None and not is_pythons(module):
            yield module


def _named_modules(modules: Iterable[str | ModuleType]) -> Iterator[ModuleType]:
    """Those with what is imported of a package. Raises TypeError, and what an import raises."""
    if isinstance(modules, str):
        raise TypeError(f"modules is a list: write [{modules!r}]")
    for each in modules:
        module = import_module(each) if isinstance(each, str) else each
        if not isinstance(module, ModuleType):
            raise TypeError(f"modules are names or modules, not {each!r}")
        yield from with_inner(module)
