"""What is said of how a search went."""

import pytest

from scenario.report.words.notes import words
from scenario.results.notes import AnyReady, AsUpdates, FirstRounds, Hurried, NoOdds, NotShortest

SAID = {
    Hurried(): "looking for shorter schedules took as long as there was time: there may be ones with fewer preemptions",
    Hurried("interrupted"): "looking for shorter schedules was interrupted: there may be ones with fewer preemptions",
    NotShortest(): "there may be shorter schedules: looking for the shortest took too long",
    NotShortest("interrupted"): "there may be shorter schedules: looking for the shortest was interrupted",
    NoOdds(): "the odds are left out: the time was up",
    AnyReady(): "any ready task may be next here (ready: any): today's loop takes them in order and may never show this",
    AsUpdates("A", 1): "A taken as one update",
    AsUpdates("A", 2_000, (3,)): "2,000 threads of A, loops of 3 rounds taken as one update each",
    AsUpdates("A", 1, (3, 5_000)): "A, loops of 3 to 5,000 rounds taken as one update",
    FirstRounds(("A[0]", "A[1]")): (
        "searched: the first round of A[0], A[1]; what is left of all threads comes after, one thread at a time"
    ),
}


@pytest.mark.parametrize("note", SAID)
def test_each_note_has_its_words(note):
    assert words(note) == SAID[note]
