"""How time and states grow with threads and with rounds, in eight families, beside SPIN's (see `pairs`).

    python benchmarks/peers/growth.py --measure [--limit 10] [NAME ...]
    python benchmarks/peers/growth.py

The first asks both tools about larger and larger sizes, until a tool passes the limit (seconds), and keeps what it measured
in `growth.json`; the second draws docs/pictures/growth.svg from that (matplotlib has to be installed) and prints the table of
docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from pairs import Answer, NoAnswer, Problem, explored, spun

KEPT = Path(__file__).with_name("growth.json")
PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "growth.svg"
THREADS = (*range(2, 13), 14, 17, 20, 25, 30, 40, 50, 70, 100)
ROUNDS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100)
TOOLS: dict[str, Callable[..., Answer | NoAnswer]] = {"scenario": explored, "SPIN": spun}


@dataclass(frozen=True)
class Family:
    """A pair of models that grows in threads `n` and, where it has some, in `rounds`; and the size at which one stands still."""

    model: str
    holds: bool
    threads_with: dict[str, int]
    """Its other sizes while threads grow."""
    rounds_with: dict[str, int] | None
    """Its other sizes while rounds grow; None where it has no rounds."""

    def axes(self) -> Iterator[tuple[str, list[Problem]]]:
        yield "threads", [Problem(self.model, self.holds, {"n": n, **self.threads_with}) for n in THREADS]
        if self.rounds_with is not None:
            yield "rounds", [Problem(self.model, self.holds, {"rounds": r, **self.rounds_with}) for r in ROUNDS]


FAMILIES = (
    Family("unlocked", False, {"rounds": 1}, {"n": 3}),
    Family("locked", True, {"rounds": 2}, {"n": 4}),
    Family("throttle", True, {"rounds": 1, "places": 3}, {"n": 4, "places": 3}),
    Family("buffer_semaphores", True, {"rounds": 2, "places": 2}, {"n": 2, "places": 2}),
    Family("buffer_condition", True, {"rounds": 2, "places": 2}, {"n": 2, "places": 2}),
    Family("philosophers_ordered", True, {}, None),
    Family("lastzero", True, {}, None),
    Family("file_system", True, {}, None),
)


def measured(family: Family, limit: float) -> dict[str, dict[str, list[list[float]]]]:
    """By axis and tool: (size, seconds, states) of each size that was decided within the limit."""
    return {
        axis: {tool: [*_curve(problems, axis, decide, limit)] for tool, decide in TOOLS.items()}
        for axis, problems in family.axes()
    }


def _curve(
    problems: list[Problem], axis: str, decide: Callable[..., Answer | NoAnswer], limit: float
) -> Iterator[list[float]]:
    size = "n" if axis == "threads" else "rounds"
    answers = ((problem, decide(problem, limit=limit)) for problem in problems)
    for problem, answer in takewhile(lambda pair: isinstance(pair[1], Answer), answers):
        assert isinstance(answer, Answer)
        assert answer.holds == problem.holds, (problem, answer)
        print(f"{problem.name:44} {decide.__name__:9} {answer.seconds:6.2f} s {answer.states:>12,} states", flush=True)
        yield [problem.sizes[size], round(answer.seconds, 3), answer.states]


def drawn(kept: dict[str, dict[str, dict[str, list[list[float]]]]]) -> None:
    """A row a family: time and states against threads, then against rounds."""
    plt.switch_backend("svg")
    plt.rcParams.update({"svg.hashsalt": "growth", "font.size": 8, "svg.fonttype": "none"})
    columns = [(axis, what) for axis in ("threads", "rounds") for what in ("seconds", "states")]
    figure, rows = plt.subplots(len(kept), len(columns), figsize=(11, 2 * len(kept)), squeeze=False)
    for (name, axes), row in zip(kept.items(), rows, strict=True):
        for (axis, what), plot in zip(columns, row, strict=True):
            if axis not in axes:
                plot.set_axis_off()
                continue
            for tool, points in axes[axis].items():
                plot.plot([p[0] for p in points], [p[1 if what == "seconds" else 2] for p in points], ".-", label=tool)
            plot.set_yscale("log")
            plot.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if what == "seconds" else (1.0,)))
            plot.yaxis.set_major_formatter(FuncFormatter(_short))
            plot.yaxis.set_minor_formatter(NullFormatter())
            plot.xaxis.set_major_locator(MaxNLocator(integer=True))
            plot.set_title(f"{name}: {what}")
            plot.set_xlabel(axis)
            plot.grid(visible=True, alpha=0.3)
        row[0].legend()
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def _short(value: float, _place: int) -> str:
    """A number of an axis: 0.3, 10, 10k, 1M."""
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def table(kept: dict[str, dict[str, dict[str, list[list[float]]]]]) -> Iterator[str]:
    """The largest size of each family that a tool decided within the limit."""
    yield "| family | grows in | scenario | SPIN |"
    yield "|---|---|---|---|"
    for name, axes in kept.items():
        for axis, tools in axes.items():
            largest = [_largest(points, THREADS if axis == "threads" else ROUNDS) for points in tools.values()]
            yield f"| `{name}` | {axis} | {largest[0]} | {largest[1]} |"


def _largest(points: list[list[float]], sizes: tuple[int, ...]) -> str:
    if not points:
        return "none"
    size, seconds, states = points[-1]
    more = " and more" if size == sizes[-1] else ""
    return f"{size:.0f}{more} ({seconds:.1f} s, {states:,.0f} states)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="Measure only these families anew.")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--limit", type=float, default=10.0)
    chosen = parser.parse_args()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if chosen.measure:
        for family in FAMILIES:
            if not chosen.names or family.model in chosen.names:
                kept[family.model] = measured(family, chosen.limit)
                KEPT.write_text(json.dumps(kept) + "\n")
        return
    drawn(kept)
    print("\n".join(table(kept)))


if __name__ == "__main__":
    main()
