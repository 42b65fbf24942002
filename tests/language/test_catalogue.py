"""What the catalogue says of a primitive or a verb, every engine does: a place that is forgotten is named here."""

import inspect
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from threads.files import program

from scenario.compile.primitives import WITH_ARGUMENTS
from scenario.compile.steps.lower import LOWER
from scenario.compile.steps.on_objects import operation
from scenario.engines.explore.step.primitives.model import Standing
from scenario.engines.explore.step.primitives.table import models
from scenario.engines.threads.watch.library import BY_KIND, FUNCTIONS
from scenario.export.python import helpers
from scenario.export.python.helpers import HELPERS
from scenario.export.python.module import python
from scenario.interpreter.objects import Builder
from scenario.interpreter.objects import state as asked_of_real
from scenario.language.primitives import ARGUMENTS, KINDS, Barrier, Kind, RLock
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.program import ops
from scenario.program.open import Open
from scenario.program.program import Primitive
from scenario.record import field_names
from scenario.results.waiting import WaitKind
from scenario.spec.steps import VERBS as FORMS

ON_OBJECTS = [
    (verb, kind) for verb, entry in VERBS.items() if entry.arguments is not None for kind in entry.on if kind in KINDS
]


EXPORT = Path(helpers.__file__).parent


def made(kind):
    return Barrier(2) if kind == "Barrier" else KINDS[kind].kind()


def real(kind):
    built = Builder(lambda _: None, lambda *_: None, lambda _: None).build((Primitive("it", (made(kind),)),))
    return built["it"]


def model(kind):
    return models((made(kind), *([RLock()] if kind == "Condition" else [])), {0: 1}, counts_tasks=True)[0]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_kind_has_an_entry_and_the_fields_of_its_arguments(kind):
    entry = next((entry for entry in KINDS.values() if entry.kind is kind), None)
    assert entry, f"language/primitives.py: KINDS has no {kind.__name__}"
    named = {argument.name for argument in entry.arguments}
    assert named == set(field_names(kind)), f"language/primitives.py: arguments of {kind.__name__}"


def test_editors_have_something_to_say_of_every_argument_of_a_constructor():
    for argument in (argument for entry in KINDS.values() for argument in entry.arguments):
        assert argument.name in ARGUMENTS, f"language/primitives.py: ARGUMENTS has no {argument.name}"


def test_editors_have_something_to_say_of_every_argument_of_a_verb():
    for argument in (argument for entry in VERBS.values() for argument in entry.arguments or ()):
        assert argument.name in MODIFIERS, f"language/verbs.py: MODIFIERS has no {argument.name}"


@pytest.mark.parametrize(("verb", "kind"), ON_OBJECTS)
def test_a_verb_is_a_step_of_the_explorers_model(verb, kind):
    op = operation(verb, kind)
    assert op is ops.WaitFor or op in model(kind).steps, f"{type(model(kind)).__name__}.steps has no {op.__name__}"


@pytest.mark.parametrize(("verb", "kind"), ON_OBJECTS)
def test_a_verb_is_a_method_of_the_real_object_with_the_parameters_of_its_arguments(verb, kind):
    method = getattr(real(kind), verb)
    try:
        known = inspect.signature(method).parameters
    except ValueError:  # C tells none of a lock's
        return
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values()):
        return
    given = [a.name for a in VERBS[verb].arguments if a.reading != "target" and (not a.only or kind in a.only)]
    named = {"until": "predicate"}
    assert {named.get(name, name) for name in given} <= known.keys()


@pytest.mark.parametrize(("kind", "attribute"), [(kind, name) for kind, entry in KINDS.items() for name in entry.asks])
def test_what_may_be_asked_is_answered_by_the_real_object_and_by_the_explorers_model(kind, attribute):
    first = model(kind)
    assert attribute in first.asked([first.first(), None]), f"{type(first).__name__}.asked has no {attribute}"
    if not KINDS[kind].asks[attribute].since_3_13 or hasattr(real(kind), attribute):
        asked_of_real(real(kind), attribute)


@pytest.mark.parametrize("op", get_args(ops.AnyOperation), ids=lambda op: op.__name__)
def test_an_operation_is_of_a_verb_of_the_catalogue_and_takes_its_arguments(op):
    assert op.verb in VERBS, f"language/verbs.py has no {op.verb}"
    entry = VERBS[op.verb]
    for kind in op.on:
        assert kind in entry.on, f"language/verbs.py: {op.verb} is not on {kind}"
    for argument in entry.arguments or ():
        assert argument.name in field_names(op), f"program/operations.py: {op.__name__} has no field {argument.name}"


@pytest.mark.parametrize("op", get_args(ops.AnyOperation), ids=lambda op: op.__name__)
def test_an_operation_has_a_name_of_its_own(op):
    named = [other for other in get_args(ops.Op) if issubclass(other, ops.Act) and other.named() == op.named()]
    assert named == [op], f"program/operations.py: operation of {op.__name__}"


@pytest.mark.parametrize("kind", [kind for kind, entry in KINDS.items() if entry.arguments])
def test_arguments_of_a_constructor_are_computed_when_a_file_is_compiled(kind):
    assert kind in WITH_ARGUMENTS, f"compile/primitives.py does not know how to compute those of {kind}"


@pytest.mark.parametrize("verb", [verb for verb, entry in VERBS.items() if entry.arguments is None])
def test_a_verb_with_a_form_of_its_own_is_lowered(verb):
    assert FORMS[verb] in LOWER, f"compile/steps/lower.py: LOWER has no {verb}"


@pytest.mark.parametrize(
    "kind", sorted(KINDS.keys() - {"ProcessPoolExecutor"})
)  # which is made where the program begins
def test_a_program_of_its_own_makes_the_object(kind):
    """Without a row in its helpers a class that Python's library does not have is unknown there."""
    of = Open(replace(program("threads: {T: {steps: [pass]}}"), primitives=(Primitive("it", (made(kind),)),)), {})
    space = {"__name__": "exported"}
    try:
        exec(python(of), space)
    except (NameError, AttributeError) as error:
        pytest.fail(f"export/python/objects.py or export/python/helpers.py do not make {kind}: {error}")
    assert "it" in space


def test_what_such_a_program_asks_for_by_name_is_written_into_it():
    asked = {name for file in EXPORT.rglob("*.py") for name in re.findall(r"helper\([\"'](\w+)", file.read_text())}
    for name in sorted(asked - {"atomic", "manager"}):  # which are made, with what the file has
        assert name in HELPERS, f"export/python/helpers.py has no {name}"


IN_C_OR_OF_OUR_OWN = {"lock", "action"}
"""Waits that are told by the emitted line, or by the frames of a barrier."""


@pytest.mark.parametrize("op", [op for op in get_args(ops.AnyOperation) if op.waits_for], ids=lambda op: op.__name__)
def test_what_an_operation_waits_for_is_known_to_the_watcher_of_a_run(op):
    assert op.waits_for in {*BY_KIND, *IN_C_OR_OF_OUR_OWN}, (
        f"watch/library.py has no function that waits for {op.waits_for}"
    )


@pytest.mark.parametrize("function", BY_KIND.values(), ids=lambda function: function.kind)
def test_what_moves_a_wait_is_the_effect_of_some_operation(function):
    assert any(function.moved_by in op.effects for op in get_args(ops.AnyOperation)), function.moved_by


@pytest.mark.parametrize("op", get_args(ops.AnyOperation), ids=lambda op: op.__name__)
def test_an_operation_that_ends_a_wait_has_the_effect_that_the_watcher_counts(op):
    moves = {BY_KIND[kind].moved_by for kind in op.ends if kind in BY_KIND}
    assert moves <= set(op.effects), f"effects of {op.__name__} in program/operations.py"


@pytest.mark.parametrize(
    "kind", [kind for kind in get_args(WaitKind) if kind in {op.waits_for for op in get_args(ops.AnyOperation)}]
)
def test_each_wait_at_an_object_is_ended_by_some_operation(kind):
    enders = [op for op in (*get_args(ops.AnyOperation), ops.With) if kind in op.ends]
    assert enders or kind in ("action", "tasks"), f"no operation in program/operations.py ends a wait for {kind}"


@pytest.mark.parametrize(("verb", "kind"), ON_OBJECTS)
def test_a_method_that_waits_is_a_function_that_the_watcher_knows(verb, kind):
    op, method = operation(verb, kind), getattr(real(kind), verb)
    if op.waits_for in BY_KIND and hasattr(method, "__func__"):
        assert method.__func__.__code__ in FUNCTIONS, f"watch/library.py has no {type(real(kind)).__name__}.{verb}"


@pytest.mark.parametrize(("verb", "kind"), [(v, k) for v, k in ON_OBJECTS if operation(v, k).waits_for])
def test_the_explorers_model_waits_for_what_the_operation_says(verb, kind):
    op, one = operation(verb, kind), model(kind)
    objects = [one.first(), None]
    w = SimpleNamespace(layout=SimpleNamespace(name_of=str), objects=objects, thread=SimpleNamespace(number=0))
    found = one.wait(Standing(w, SimpleNamespace(verb=op), {}, {})).kind
    others = {("acquire", "Semaphore"): "semaphore", ("acquire", "BoundedSemaphore"): "semaphore"}
    others |= {("wait", "Condition"): "relock", ("abort", "Barrier"): "barrier", ("reset", "Barrier"): "barrier"}
    assert op is ops.WaitFor or found == others.get((verb, kind), op.waits_for)
