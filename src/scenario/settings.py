"""How a file is explored: what its key `explore` says, what is asked for before it, and what a search may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Literal, TypeAlias

from scenario.record import field_names, record

Asked: TypeAlias = Mapping[str, "str | bool"]
"""Settings by name: those that somebody chose."""

Fairness: TypeAlias = Literal["strong", "weak"]
Ready: TypeAlias = Literal["fifo", "any"]

CHOICES: Mapping[str, tuple[str | bool, ...]] = {
    "clock": ("free", "virtual"),
    "wake": ("any", "fifo"),
    "spurious": (False, True),
    "fairness": ("strong", "weak"),
    "ready": ("fifo", "any"),
}
"""What each may be, the default first."""


@record
class Settings:
    """How interleavings are made.

    `clock` virtual: time moves only when nothing else can; `wake` fifo: a notification picks the longest waiting;
    `spurious`: a condition's `wait` may return by itself. `fairness`: a thread moves again and again if it can do so
    again and again (strong), or only if it can all the time (weak). `ready`: of the tasks of asyncio that are ready, the first goes
    on (fifo), or any of them.
    """

    clock: Literal["free", "virtual"] = "free"
    wake: Literal["any", "fifo"] = "any"
    spurious: bool = False
    fairness: Fairness = "strong"
    ready: Ready = "fifo"

    def with_those(self, asked: Asked) -> Settings:
        """These with what was asked for before them. Raises ValueError for what a setting can not be."""
        for name, value in asked.items():
            if not any(value is word or (value == word and isinstance(value, str)) for word in CHOICES.get(name, ())):
                raise ValueError(f"{name} is not {value!r}")
        chosen: Any = asked
        return replace(self, **chosen)

    def by_name(self) -> dict[str, str | bool]:
        """All of them."""
        return {name: getattr(self, name) for name in field_names(Settings)}

    def changed(self, from_: Settings | None = None) -> dict[str, str | bool]:
        """Those that are not as by default, or as in others."""
        other = (from_ or Settings()).by_name()
        return {name: value for name, value in self.by_name().items() if value != other[name]}


def named(values: Mapping[str, Any]) -> dict[str, str | bool]:
    """The settings among values by name; None is none."""
    return {name: values[name] for name in CHOICES if values.get(name) is not None}


MAX_SECONDS = 60.0
MOST_RUNS = 1_000_000_000
"""Of one case: `--times`."""
MOST_CONSTRAINTS = 100
"""That bring a failure about, for PCT to look for it: few do, and the odds of more are none."""


@record
class Sampling:
    """So many walks by chance instead of all interleavings; `depth`: by PCT with that depth, None: uniformly."""

    walks: int
    seed: int
    depth: int | None = None


def sampling(walks: int | None, seed: int, depth: int | None, *, all_of_it: bool) -> Sampling | None:
    """What is asked for. Raises ValueError for what does not go together."""
    if walks is None:
        if depth is not None:
            raise ValueError("PCT (--pct) goes with a sample (--sample N): so many walks are taken")
        return None
    if all_of_it:
        raise ValueError(
            "odds and proofs (--odds, --for-all) are about all interleavings, and a sample is not: choose one"
        )
    return Sampling(walks, seed, depth)


@record
class ExploreOptions:
    """One value from the command line to the engine: settings that go before a file's own, and what is searched for.

    Past `max_states`, `max_seconds` or `max_memory` (MiB) the verdict is undecided; None: as many states as there is memory for,
    and half of the memory that is free when the search begins. `odds`: exact numbers of interleavings; `keep_going`:
    all failures, not the first alone; `reduce`: what can make no difference is left out; `sampling`: some of them are
    looked at, not all. `for_all`: params for all of whose values it is decided. `races`: data races of own code are listed.
    """

    max_states: int | None = None
    max_seconds: float = MAX_SECONDS
    max_memory: int | None = None
    odds: bool = False
    keep_going: bool = False
    reduce: bool = True
    for_all: tuple[str, ...] = ()
    asked: Asked = field(default_factory=dict)
    sampling: Sampling | None = None
    races: bool = False


USUAL = ExploreOptions()
"""A file under its own settings, up to its first failure."""
