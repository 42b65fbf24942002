"""How a search reached its verdict, and for what that stands."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.report.how_far import how_far
from scenario.report.style import Style
from scenario.report.summary import seconds
from scenario.report.vacuous import without_effect
from scenario.report.values import numbered, text_value
from scenario.report.words.notes import words as words_of_note
from scenario.report.words.undecided import words as words_of_undecided
from scenario.report.words.ways import words as words_of_way
from scenario.results.exploration import Exploration
from scenario.results.for_all import ForAll, Outside, Proved
from scenario.results.result import Result, Search


def search_text(search: Search, result: Result) -> Iterator[str]:
    """How the verdict was reached, and for what it stands."""
    exploration = search.exploration
    if search.for_all is not None and isinstance(search.for_all.answer, Proved | Outside):
        yield from _all_values(search.for_all, result)
        return
    if exploration.sample is not None:
        from scenario.report.sample import sample_lines

        yield from (f"  {line}" for line in sample_lines(exploration, exploration.sample))
    else:
        yield from _whole(search, result)
    if result.params:
        yield f"  for {', '.join(f'{name} = {text_value(value)}' for name, value in result.params.items())}"
    changed = [f"{name} {value}" for name, value in search.settings.changed().items()]
    if changed:
        yield f"  with {', '.join(changed)}"
    yield from _odds(exploration)
    yield from (f"  {words_of_note(note)}" for note in exploration.notes)


def _all_values(known: ForAll, result: Result) -> Iterator[str]:
    """By what it was proved, and for which of the other params."""
    if isinstance(known.answer, Proved):
        yield f"  proved by {', '.join(map(words_of_way, known.answer.ways))}"
    if result.params:
        yield f"  for {', '.join(f'{name} = {text_value(value)}' for name, value in result.params.items())}"


def _whole(search: Search, result: Result) -> Iterator[str]:
    """What was searched, and how far."""
    exploration = search.exploration
    if exploration.code is not None:
        from scenario.report.code import covered, races

        yield f"  {_covered(exploration, result)}: {covered(exploration.code)} in {seconds(exploration.seconds)}"
        yield from () if exploration.races is None else races(exploration.races, Style())
        return
    sizes = (numbered(exploration.states, "state"), numbered(exploration.steps, "step"))
    counts = f"{', '.join(sizes)} in {seconds(exploration.seconds)}"
    yield f"  {_covered(exploration, result)}: {counts}"
    yield from (f"  {line}" for line in (*how_far(search, result), *without_effect(search, result)))
    if exploration.reductions:
        yield f"  reduced by {', '.join(map(words_of_way, exploration.reductions))}"


def _covered(exploration: Exploration, result: Result) -> str:
    if exploration.exhausted:
        return "all interleavings covered"
    if result.verdict.word != "fails":  # which says why before
        return "not all interleavings covered"
    if not exploration.undecided:
        return "stopped at the first failure (--keep-going finds all)"
    return f"not all interleavings covered ({', '.join(map(words_of_undecided, exploration.undecided))})"


def _odds(exploration: Exploration) -> Iterator[str]:
    bad = exploration.bad
    if exploration.interleavings is not None:
        yield f"  {numbered(exploration.interleavings, 'interleaving')}"
    if bad is None:
        return
    count = "" if bad.interleavings is None else f"{bad.interleavings:,} bad"
    chance = "" if bad.probability is None else f"probability {bad.probability} (≈ {float(bad.probability):.6f})"
    fewest = "" if bad.preemptions is None else f"fewest preemptions {bad.preemptions}"
    yield f"  {', '.join(filter(None, (count, chance, fewest)))}"
