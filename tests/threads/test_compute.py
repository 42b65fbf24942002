"""`compute`: work of the processor, which exploring does not see."""

import time

from explore.found import count, kinds
from threads.files import program

from scenario.engines.threads import run


def test_it_takes_so_long_of_the_processor():
    made = program("threads: {A: {steps: [{compute: 0.2}]}}")
    began = time.process_time()
    assert run(made).end == "finished"
    assert 0.1 < time.process_time() - began < 1.5


def test_exploring_takes_no_step_for_it():
    text = "vars: {x: 0}\nthreads: {T: {count: 2, steps: [{compute: 0.1}, x = 1, {compute: 5}]}}"
    assert count(text) == 2


def test_what_is_no_time_is_refused_as_for_a_sleep():
    text = "threads: {A: {steps: [{compute: -1}]}}\n"
    assert kinds(text) == ["error"]
    assert run(program(text)).errors["A"].name == "ValueError"
