"""What each kind of failure means, in a line: for reports that name their rules."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "final": "An expectation of the final state is false.",
    "sometimes": "A state that must be possible at the end was never seen.",
    "always": "An invariant is false in some state.",
    "reachable": "A state that must be reachable was never seen.",
    "output": "The output is not the expected one.",
    "order": "Marks did not come in the expected order.",
    "error": "A thread ended with an unexpected exception, or without the expected one.",
    "assert": "An assert of a thread is false.",
    "raises": "A step did not raise what it must.",
    "deadlock": "Threads can never move again.",
    "livelock": "Threads go on for ever without getting anywhere.",
    "elapsed": "The run took less or more time than expected.",
    "outcome": "An outcome is forbidden, or none of those listed.",
    "timeout": "A run took longer than its timeout.",
    "fails": "A failure that the scenario is there to show was not found.",
    "undecided": "Not all interleavings could be covered.",
}
