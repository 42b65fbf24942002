"""`runtimes`: a program for each, what is expected of one alone, and what it does not have, at its place."""

import sys

import pytest
from compile.files import check, program, programs

FILE = "scenario: x\nvars: {n: 0}\nthreads: {A: {steps: [n += 1]}}\n"


def test_a_file_is_about_threads_unless_it_says_more():
    assert program(FILE).runtime == "threading"


def test_there_is_a_program_for_each_runtime_and_case():
    made = programs(f"{FILE}runtimes: [threading, asyncio]\nparams: {{k: 1}}\ncases: [{{k: 1}}, {{k: 2}}]\n")
    assert [(one.params["k"], one.runtime) for one in made] == [
        (1, "threading"), (1, "asyncio"), (2, "threading"), (2, "asyncio"),
    ]  # fmt: skip
    assert len({one.digest for one in made}) == 4


def test_whoever_runs_it_chooses_the_runtime():
    assert [one.runtime for one in programs(FILE, runtimes=["asyncio"])] == ["asyncio"]


def test_a_schedule_of_threads_is_of_the_same_version_as_without_the_key():
    assert program(FILE).digest == programs(FILE, runtimes=["threading"])[0].digest


def test_what_is_expected_on_a_runtime_takes_the_place_of_its_keys_alone():
    expect = "expect: {final: [n == 1], deadlock: possible, asyncio: {final: [n == 2], always: [n < 9]}}\n"
    threads, tasks = programs(f"{FILE}runtimes: [threading, asyncio]\n{expect}")
    assert ([one.text for one in threads.claims.final], threads.claims.always) == (["n == 1"], ())
    assert [one.text for one in (*tasks.claims.final, *tasks.claims.always)] == ["n == 2", "n < 9"]
    assert threads.claims.deadlock.mode == tasks.claims.deadlock.mode == "possible"


def test_nothing_expected_on_a_runtime_is_an_override_too():
    tasks, _ = programs(f"{FILE}runtimes: [asyncio, threading]\nexpect: {{fails: [final], asyncio: {{fails: []}}}}\n")
    assert tasks.claims.fails == ()


def test_a_mistake_in_what_is_expected_on_a_runtime_is_at_its_place():
    check(f"{FILE}expect: {{asyncio: {{final: [⟨SC301 m⟩ == 1]}}}}\nruntimes: [threading, asyncio]")


@pytest.mark.parametrize(
    "text",
    [
        "primitives: {lock: ⟨SC353 RLock⟩}\n",
        "primitives: {q: ⟨SC353 SimpleQueue⟩}\n",
        "primitives: {tls: ⟨SC353 local⟩}\n",
        "primitives: {locks: {array: 2, of: ⟨SC353 RLock⟩}}\n",
        "primitives: {gate: {Barrier: {parties: 2, action: ⟨SC353 act⟩}}}\nroutines: {act: {steps: [pass]}}\n",
    ],
)
def test_what_asyncio_does_not_have_is_said_at_its_place(text):
    for one in check(f"{FILE}{text}runtimes: [threading, asyncio]"):
        assert one.message.startswith("asyncio has no ")
        assert one.hint


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="threading refuses it itself, at the same place")
def test_threads_have_a_barrier_of_no_party_before_3_13_and_asyncio_has_not():
    for one in check(f"{FILE}primitives: {{gate: {{Barrier: ⟨SC353 -1⟩}}}}\nruntimes: [threading, asyncio]"):
        assert one.message == "asyncio has no barrier of fewer than one party"


def test_what_a_runtime_does_not_have_is_no_mistake_on_another():
    check(f"{FILE}primitives: {{lock: RLock}}\n")


def test_a_task_has_no_class():
    check("scenario: x\nthreads: {A: {class: ⟨SC353 Own⟩, steps: [pass]}}\nruntimes: [asyncio]")


@pytest.mark.parametrize("text", ["runtimes: ⟨SC109 []⟩", "runtimes: [⟨SC110 trio⟩]", "runtimes: ⟨SC107 asyncio⟩"])
def test_runtimes_is_a_list_of_those_that_there_are(text):
    check(f"{FILE}{text}")


def test_what_a_file_is_explored_with_is_compiled_for_its_runtimes_too():
    sizes = "params: {k: 2}\nexplore: {params: {k: 1}}\n"
    kills = "scenario: x\nruntimes: [multiprocessing]\nthreads: {A: {steps: [{kill: B}]}, B: {steps: [pass]}}\n"
    cancels = kills.replace("multiprocessing", "asyncio").replace("kill", "cancel")
    for text in (kills, cancels):
        assert [one.params["k"] for one in programs(text + sizes)] == [2]


@pytest.mark.parametrize(
    ("runtime", "rest"),
    [
        ("asyncio", "primitives: {reply: Future}\nmain: [{add_done_callback: reply, run: f}]\n"),
        ("asyncio", "main: [{call: f}]\n"),
        ("multiprocessing", "primitives: {pool: {ProcessPoolExecutor: 1}}\nmain: [{submit: f, to: pool}]\n"),
    ],
)
def test_own_code_is_left_to_threads_whatever_calls_it(runtime, rest):
    """As a callback or in a pool it was taken, and nothing was there to be called."""
    text = f'scenario: x\nthreads: {{}}\npython: {{f: ⟨SC353 "own:f"⟩}}\n{rest}'
    check(f"{text}runtimes: [{runtime}]\n", allowed_python={"own"})
