"""Loading: all the mistakes of a file at once, each with what to write instead."""

import pytest
from spec.files import THREADS, complete, diagnostics, loaded, step, wrong

from scenario import syntax as s
from scenario.program import exceptions
from scenario.source import Span
from scenario.spec import steps
from scenario.spec.readers.scalars import exception_names
from scenario.spec.step import Models
from scenario.spec.steps import VERBS, If, Shutdown


@pytest.mark.parametrize(
    ("excerpt", "hint"),
    [
        ("descripton: x\n", "did you mean `description`?"),
        ("primitives: {lock: lock}\n", "did you mean `Lock`?"),
        ("primitives: {s: {Semaphore: {vlaue: 3}}}\n", "did you mean `value`?"),
        ("- aquire: lock\n", "did you mean `acquire`?"),
        ("- notify-all: c\n", "did you mean `notify_all`?"),
        ("- {acquire: lock, timout: 3}\n", "did you mean `timeout`?"),
        ("- {acquire: lock, raises: ValuError}\n", "did you mean `ValueError`?"),
        ("expect: {finl: [x]}\n", "did you mean `final`?"),
        ("expect: {deadlock: posible}\n", "did you mean `possible`?"),
        ("explore: {clck: free}\n", "did you mean `clock`?"),
        ("primitives: {my-lock: Lock}\n", "write `my_lock`: in an expression a hyphen is a minus"),
        ("vars: {a-b: 0}\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- a-b = 1\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- my-own-sum += 1\n", "write `my_own_sum`: in an expression a hyphen is a minus"),
        ("- {choose: a-b, from: [1]}\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- a-b, c = 1, 2\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- c, a-b = 1, 2\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- del a-b[0]\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- a-b[0] = 1\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- a-b[0] += 1\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- a-b.append(1)\n", "write `a_b`: in an expression a hyphen is a minus"),
        ("- {repeat: 3, do: {print: x}}\n", "write a list: `- print: …`"),
        ("- {if: 1 > 2, then: [pass], elif: {if: 1 > 2, then: [pass]}}\n", "write a list: `- if: …`"),
        ("main: {start: all}\n", "write a list: `- start: …`"),
        ("cases: {workers: 2}\n", "write a list: `- workers: …`"),
        ("primitives: {forks: [Lock, Lock, Lock]}\n", "several are an array: `{array: 3, of: Lock}`"),
        ("primitives: {forks: {Lock: {count: 4}}}\n", "several are an array: `{array: 4, of: Lock}`"),
        ("primitives: {forks: {type: Lock, count: n}}\n", "several are an array: `{array: n, of: Lock}`"),
        ("threads: [A]\n", "write a mapping: `{worker: {steps: […]}}`"),
        ("primitives: [lock]\n", "write a mapping: `{lock: Lock}`"),
        ("vars: x\n", "write a mapping: `{counter: 0}`"),
        ("routines:\n", "write a mapping: `{work: {steps: […]}}`"),
        ("- {try: [pass], except: [pass]}\n", "write a mapping: `{ValueError: […]}`"),
        ("explore: true\n", "to be explored is usual: leave it out"),
        ("expect: {output: hello}\n", "a list of one is `[hello]`"),
        ("expect: {final: {n: 3, s: abc}}\n", "write `[n == 3, s == 'abc']`"),
        ("expect: {n: 3}\n", "what variables are in the end stands under `final`: write `[n == 3]`"),
        ("expect: {vars: {n: [1]}}\n", "what variables are in the end stands under `final`: write `[n == [1]]`"),
        ("expect: {finall: [n == 3]}\n", "did you mean `final`?"),
        ("- call: work(3)\n", "write `work`: arguments stand under `args`"),
        ("- raise: \"ValueError('x')\"\n", "write `ValueError`: its text stands under `message`"),
    ],
)
def test_what_to_write_instead(excerpt, hint):
    assert wrong(excerpt).hint == hint


def test_a_modifier_of_another_verb_names_the_verbs_that_take_it():
    found = wrong("- {acquire: lock, item: 3}\n")
    assert (found.code, found.hint) == ("SC106", "`item` goes with `put`")


def test_wait_is_a_modifier_of_shutdown():
    found = step("- {wait: false, shutdown: pool}\n")
    assert isinstance(found, Shutdown)
    assert found.wait == s.Const(value=False)


def test_two_verbs_are_shown_at_the_second():
    found = wrong("- {print: a, mark: b}\n")
    assert (found.code, found.span) == ("SC104", Span(5, 20, 5, 24))


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = """\
descripton: x
vars: {a-b: 1}
threads:
  A:
    count: 1 +
    steps:
      - aquire: lock
      - if: x ==
        then: [5, {repeat: 3}]
        else:
          - print: "{"
          - try: [y =]
            except: {Foo: [z =], KeyError: [{}]}
  B: {}
expect: {final: [q =], deadlock: maybe}
"""
    found = diagnostics(text)
    assert [(d.span.line, d.code) for d in found] == [
        (1, "SC101"), (1, "SC102"), (2, "SC111"), (5, "SC201"), (7, "SC103"), (8, "SC201"), (9, "SC108"), (9, "SC102"),
        (11, "SC208"), (12, "SC201"), (13, "SC113"), (13, "SC201"), (13, "SC105"), (14, "SC102"), (15, "SC201"),
        (15, "SC110"),
    ]  # fmt: skip


def test_mistakes_of_yaml_and_of_the_shape_are_told_together():
    found = diagnostics(f"scenario: x\nvars: {{a: 1, a: 2}}\ntgas: []\n{THREADS}")
    assert [d.code for d in found] == ["SC007", "SC101"]


def test_what_follows_from_a_mistake_of_yaml_is_not_told():
    assert [d.code for d in diagnostics(complete("- *first\n"))] == ["SC008"]


def test_a_model_knows_where_it_and_its_keys_stand():
    found = step("- {acquire: lock, timeout: 3}\n")
    assert isinstance(found, VERBS["acquire"])
    assert found.span == Span(5, 9, 5, 36)
    assert found.keys["timeout"] == found.at("timeout") == Span(5, 34, 5, 35)
    assert found.key_spans["timeout"] == Span(5, 25, 5, 32)
    assert found.at("into") == found.span


def test_bodies_nest():
    found = step("- if: a\n  then:\n    - repeat: 3\n      do: [x = 1]\n  elif: [{if: b, then: [pass]}]\n")
    assert isinstance(found, If)
    assert found.then[0].do == (s.Assign((s.Name("x"),), s.Const(1)),)
    assert found.elif_[0].then == (s.Pass(),)


def test_a_scenario_is_threads_or_a_main():
    assert loaded("scenario: x\nmain: [pass]\n").main == (s.Pass(),)
    assert wrong("main_: [pass]\nthreads: {}\n".replace("main_: [pass]\n", "")).code == "SC102"


def test_values_are_themselves_or_computed_at_any_depth():
    params = loaded(
        "scenario: x\nparams: {a: red, b: {expr: a * 2}, c: [1, {expr: a}], d: {e: {expr: a}, 1: one}}\n" + THREADS
    ).params
    a = s.Name("a")
    assert params == {
        "a": s.Const("red"),
        "b": s.Binary("*", a, s.Const(2)),
        "c": s.ListDisplay((s.Const(1), a)),
        "d": s.DictDisplay((s.Const("e"), s.Const(1)), (a, s.Const("one"))),
    }


def test_yaml_values_of_vars_keep_their_types():
    found = loaded("scenario: x\nvars: {a: [1, {2: null}], b: on, c: 1e3, d: '5'}\n" + THREADS).vars
    assert {name: value.value for name, value in found.items()} == {
        "a": [1, {2: None}],
        "b": "on",
        "c": 1000.0,
        "d": "5",
    }


def test_the_text_of_a_claim_is_kept_as_written():
    found = loaded("scenario: x\nexpect: [' x  ==  1', true]\n" + THREADS).expect.final
    assert [claim.text for claim in found] == ["x  ==  1", "true"]


def test_a_list_of_expectations_is_short_for_final():
    listed, named = ("expect: [x]\n", "expect: {final: [x]}\n")
    assert loaded(complete(listed)).expect.final == loaded(complete(named)).expect.final != ()


def test_return_when_may_be_bare():
    assert step("- {wait_futures: fs, return_when: FIRST_COMPLETED}\n").return_when == s.Const("FIRST_COMPLETED")


def test_every_exception_that_runs_can_be_named():
    assert exceptions.NAMES - {"WindowsError"} <= exception_names()


def test_every_verb_is_a_model_of_its_own():
    assert len(set(VERBS.values())) == len(VERBS)
    assert all(model.verb == verb for verb, model in VERBS.items())


def test_a_modifier_goes_with_the_verbs_whose_models_take_it():
    taking = {key: tuple(verb for verb in VERBS if key in VERBS[verb].known_keys) for key in steps.MODIFIERS}
    assert taking == steps.MODIFIERS
    others = frozenset().union(*(model.known_keys for model in VERBS.values())) - steps.MODIFIERS.keys()
    assert others == {*VERBS, "raises"} - {"timeout"}


def test_the_model_of_a_verb_on_an_object_is_made_for_who_asks():
    models = Models({})
    assert (len(models), "acquire" in models, "nothing" in models) == (len(VERBS), True, False)
    assert models["acquire"] is models["acquire"]
    with pytest.raises(KeyError):
        models["nothing"]


@pytest.mark.parametrize("name", ["span", "keys", "ref", "text", "what", "_mapping", "model_config", "verb", "called"])
def test_fields_of_the_models_are_no_keys_of_the_file(name):
    assert wrong(f"- {{acquire: lock, {name}: 3}}\n").code in ("SC101", "SC106")


def test_a_statement_that_yaml_split_is_to_be_quoted():
    assert wrong("- x = {1: 2}\n").hint == "quote the whole statement"
    assert "`if: x`" in wrong("- if x: pass\n").hint


@pytest.mark.parametrize("value", ["5", "true", "null", "1.5", ".inf", "~", "0x10"])
def test_a_step_that_yaml_made_something_else_of_is_told(value):
    assert wrong(f"- {value}\n").code == "SC108"


def test_the_modifiers_are_those_of_the_models():
    assert "timeout" in steps.MODIFIERS
    assert "print" not in steps.MODIFIERS
