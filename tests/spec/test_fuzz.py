"""Any input gives a valid scenario or diagnostics: never another exception, never a hang."""

import time
from pathlib import Path

from drawn import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenario.diagnostics import PAGES, InvalidScenario
from scenario.language.primitives import KINDS
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.spec import manual, pages
from scenario.spec.faults import Fault
from scenario.spec.load import load
from scenario.spec.readers.expressions import expr_field, ref_field, statement_field, target_field, template_field
from scenario.spec.yaml.reading import decode
from scenario.spec.yaml.values import Text

assert pages
CORPUS = [path.read_text() for path in sorted((Path(__file__).parent.parent / "corpus").rglob("*.yaml"))]
QUICK = settings(max_examples=examples(80))
SECONDS = 2.0

words = st.sampled_from(
    [*manual.FILE, *VERBS, *MODIFIERS, *KINDS, *manual.EXPECT, *manual.THREAD,
       "x", "A", "lock", "0", "1", "3.5", "null", "true", "''", '"', "'", "{", "}", "[", "]", ":", ": ", ",", "-", "- ",
       "\n", "\n  ", "\n    ", " ", "#", " #", "&a", "*a", "!t", "|", ">", "?", "? ", "<<", "%", "@", "`", "\t", "\\", "=",
       "+=", "(", ")", ".", "lambda", "for", "in", "if", "not", "**", "__class__", "é", "\u2028", "\x85", "expr", "index"]
)  # fmt: skip


def judged(text):
    """Loads a text; every diagnostic must be of a known rule and lie in the file."""
    began = time.process_time()
    try:
        load(decode("x.yaml", text.encode("utf-8", "replace")))
    except InvalidScenario as error:
        assert error.diagnostics
        for found in error.diagnostics:
            assert found.code in PAGES
            assert found.message
            assert 1 <= found.span.line <= found.span.end_line <= text.count("\n") + text.count("\r") + 2
            assert found.span.column >= 1
    assert time.process_time() - began < SECONDS


@QUICK
@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"? ")
@example(b"%YAML 1.1\n---\nscenario: x\n")
def test_any_bytes(data):
    try:
        source = decode("x.yaml", data)
    except InvalidScenario:
        return
    judged(source.text)


@QUICK
@given(st.lists(words, max_size=60).map("".join))
@example("scenario: x\nthreads: {A: {steps: [{atomic: }]}}")
@example("scenario: x\nmain: [{try: []\n, except: }]")
def test_any_words_of_the_language(text):
    judged(text)


@QUICK
@given(st.sampled_from(CORPUS), st.data())
def test_any_file_with_something_cut_or_put_in(text, data):
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(words) + text[end:]
    judged(text)


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.text(max_size=8), words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(st.sampled_from(sorted(manual.FILE)), values, max_size=6))
def test_any_shape_under_the_keys_of_a_file(value):
    import yaml

    judged(yaml.safe_dump({"scenario": "x", "threads": {"A": {"steps": ["pass"]}}, **value}, allow_unicode=True))


@QUICK
@given(
    st.sampled_from(sorted(VERBS)),
    st.dictionaries(st.sampled_from(sorted(MODIFIERS)), values, max_size=3),
    values,
)
def test_any_shape_under_the_keys_of_a_step(verb, modifiers, value):
    import yaml

    judged(yaml.safe_dump({"scenario": "x", "threads": {"A": {"steps": [{**modifiers, verb: value}]}}}))


python = st.lists(
    st.sampled_from(
        ["x", "y", "1", "'a'", '"b"', " ", "+", "-", "*", "**", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==", "!",
         "not ", " in ", " is ", " if ", " else ", " for ", "lambda ", " and ", "f'", "b'", "\\", "#", "\n", "len(", "@",
         ":=", "...", "!r", ">5", "0x", "1e9", "__", "é", "async ", "await ", "yield ", "del ", "import ", ";", "%", "~"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
fields = st.sampled_from([expr_field, statement_field, template_field, ref_field, target_field])


@settings(QUICK, max_examples=examples(300))
@given(fields, st.one_of(python, st.text(max_size=40)))
def test_any_text_where_python_stands(field, text):
    try:
        field(Text(text))
    except Fault as error:
        assert error.diagnostics[0].code in PAGES


@QUICK
@given(
    st.sampled_from(
        ["(", "[", "{", "-", "not ", "x.", "x[", "f(", "x if ", "lambda:", "1+", "*", "'", "{x", "{{", "a,"]
    ),
    st.integers(1, 12_000),
)
def test_any_repetition(piece, times):
    began = time.process_time()
    for field in (expr_field, statement_field, template_field):
        try:
            field(Text(piece * times))
        except Fault as error:
            assert error.diagnostics[0].code in PAGES
    assert time.process_time() - began < SECONDS


@QUICK
@given(
    st.sampled_from(["[", "{a: ", "- ", "? ", "a: ", "'", '"', "|\n ", "!t ", "&a ", "# ", "a,", "[a,", "{", "x\n"]),
    st.integers(1, 20_000),
)
def test_any_repetition_in_yaml(piece, times):
    judged("scenario: x\nvars: " + piece * times)
