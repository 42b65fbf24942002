"""`compute`: work of the processor, which exploring does not see."""

import time

from explore.found import count, kinds
from threads.files import program

from scenario.engines.threads import run


def taken(seconds: float) -> float:
    """Of the processor."""
    made = program(f"threads: {{A: {{steps: [{{compute: {seconds}}}]}}}}")
    began = time.process_time()
    assert run(made).end == "finished"
    return time.process_time() - began


def test_it_takes_so_long_of_the_processor():
    """By one and the same measure of what an idle core does, which a busy machine may be far from."""
    assert taken(0.4) > 2 * taken(0.04)


def test_exploring_takes_no_step_for_it():
    text = "vars: {x: 0}\nthreads: {T: {count: 2, steps: [{compute: 0.1}, x = 1, {compute: 5}]}}"
    assert count(text) == 2


def test_what_is_no_time_is_refused_as_for_a_sleep():
    text = "threads: {A: {steps: [{compute: -1}]}}\n"
    assert kinds(text) == ["error"]
    assert run(program(text)).errors["A"].name == "ValueError"
