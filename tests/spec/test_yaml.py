"""YAML as the language reads it: what is refused, with its own code, at its own place."""

import pytest
import yaml
from spec.files import THREADS, complete, diagnostics, loaded, slice_of

from scenario.diagnostics import InvalidScenario
from scenario.source import Source
from scenario.spec.yaml import document
from scenario.spec.yaml.document import MAX_DEPTH, MAX_NODES, parse
from scenario.spec.yaml.reading import MAX_BYTES, decode, read


def one(text):
    found = diagnostics(text)
    assert len(found) == 1, found
    return found[0]


def place(diagnostic):
    return diagnostic.span.line, diagnostic.span.column


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n"])
def test_a_file_without_a_value_is_empty(text):
    assert one(text).code == "SC004"


def test_a_second_document_is_refused_where_it_begins():
    found = one("scenario: x\nmain: [pass]\n---\nscenario: y\n")
    assert (found.code, place(found)) == ("SC006", (3, 1))


def test_a_duplicate_key_is_refused_at_the_second_and_names_the_first():
    found = one(f"scenario: x\nvars:\n  a: 1\n  a: 2\n{THREADS}")
    assert (found.code, place(found), found.hint) == ("SC007", (4, 3), "the first one is on line 3")


@pytest.mark.parametrize("keys", ["{1: a, 1: b}", "{1: a, 0x1: b}", "{true: a, TRUE: b}", "{a: 1, 'a': 2}"])
def test_keys_that_are_equal_are_duplicates_however_they_are_written(keys):
    assert one(f"scenario: x\nvars: {{table: {keys}}}\n{THREADS}").code == "SC007"


def test_anchors_and_aliases_are_refused_each_at_its_place():
    found = diagnostics("scenario: x\nvars: {a: &one 1, b: *one}\nmain: [pass]\n")
    assert [(d.code, place(d)) for d in found] == [("SC008", (2, 11)), ("SC008", (2, 22))]


def test_an_alias_that_nothing_defines_is_still_an_alias():
    assert one(complete("- x = 1\n- *2\n")).code == "SC008"


@pytest.mark.parametrize("value", ["!!str 1", "!done 1", "!<tag:yaml.org,2002:int> 1", "! x", "!x [1]"])
def test_tags_are_refused(value):
    assert one(f"scenario: x\nvars: {{a: {value}}}\n{THREADS}").code == "SC010"


def test_a_merge_key_is_refused():
    assert one(f"scenario: x\nvars:\n  <<: {{a: 1}}\n{THREADS}").code == "SC009"


def test_a_quoted_merge_key_is_a_key_like_any_other():
    assert one(f"scenario: x\nvars: {{'<<': 1}}\n{THREADS}").code == "SC111"


@pytest.mark.parametrize("key", ["[a]", "{a: 1}"])
def test_a_list_or_mapping_is_no_key(key):
    assert one(f"scenario: x\nvars:\n  ? {key}\n  : 1\n{THREADS}").code == "SC013"


@pytest.mark.parametrize(
    ("key", "shown"), [("1", "1"), ("true", "true"), ("null", "null"), ("~", "null"), ("1.5", "1.5")]
)
def test_a_name_that_yaml_reads_as_something_else_is_to_be_quoted(key, shown):
    found = one(f"scenario: x\nthreads: {{{key}: {{steps: []}}}}\n")
    assert (found.code, found.hint) == ("SC013", f'quote it: "{shown}"')


def test_fifty_levels_are_allowed():
    inner = MAX_DEPTH - 2  # the file and `vars` are two
    loaded(f"scenario: x\nvars: {{a: {'[' * inner}{']' * inner}}}\n{THREADS}")


def test_fifty_one_levels_are_refused():
    inner = MAX_DEPTH - 1
    assert one(f"scenario: x\nvars: {{a: {'[' * inner}{']' * inner}}}\n{THREADS}").code == "SC011"


@pytest.mark.parametrize(
    "text", ["[" * 30_000, "{a: " * 30_000, "- " * 30_000, "? " * 30_000, "[" * 30_000 + "]" * 30_000]
)
def test_thirty_thousand_levels_are_refused_at_once(text):
    assert one(text).code in ("SC011", "SC005")


def test_many_values_are_refused():
    assert one("scenario: x\nvars: {a: [" + "1," * MAX_NODES + "]}\n").code == "SC012"


def test_a_large_file_is_refused_before_it_is_parsed():
    assert one("# " + "x" * MAX_BYTES).code == "SC002"


def test_five_mebibytes_are_refused_after_one_has_been_read(tmp_path):
    (tmp_path / "big.yaml").write_bytes(b"[" * (5 * MAX_BYTES))
    with pytest.raises(InvalidScenario) as caught:
        read(str(tmp_path / "big.yaml"))
    assert [found.code for found in caught.value.diagnostics] == ["SC002"]


@pytest.mark.parametrize("path", ["missing.yaml", ".", "a\0b", "x" * 5000])
def test_a_file_that_can_not_be_read_says_so(path):
    with pytest.raises(InvalidScenario) as caught:
        read(path)
    assert [found.code for found in caught.value.diagnostics] == ["SC001"]


def refused(data):
    with pytest.raises(InvalidScenario) as caught:
        decode("x", data)
    return caught.value.diagnostics[0]


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfeh\x00i\x00", b"\xfe\xff\x00h", b"a: \xe9\n", b"\x7fELF\x02\x01\x00", b"a: b\x00", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_utf8_text_is_refused(data):
    assert refused(data).code == "SC003"


def test_a_byte_that_is_not_utf8_is_shown_where_it_stands():
    assert place(refused("é: 1\nb: ü".encode() + b"\xe9")) == (2, 5)


def test_a_control_character_is_shown_where_it_stands():
    assert place(refused(b"a: 1\nb: \x07")) == (2, 4)


def test_a_byte_order_mark_at_the_start_is_dropped():
    assert decode("x", b"\xef\xbb\xbfscenario: x\n").text == "scenario: x\n"


def test_a_byte_order_mark_elsewhere_is_refused():
    assert refused("a: \ufeffb".encode()).code == "SC003"


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        ("scenario: x\ntags: [a\n", "is not closed", (2, 7)),
        ('scenario: "x\n', "quoted text that is not closed", (1, 11)),
        ("scenario: x\nvars:\n\ta: 1\n", "tab", (3, 1)),
        ("scenario: @x\n", "can not start with this character", (1, 11)),
        ("scenario: x\n  b: 1\n", "colon with a space", (2, 4)),
        ('scenario: "\\q"\n', "unknown escape", None),
        ("scenario: x\nfoo\nbar: 1\n", "without its colon", None),
        ("scenario: x\n} y\n", "does not belong", (2, 1)),
    ],
)
def test_what_is_not_yaml_is_told_in_plain_words(text, words, at):
    found = one(text)
    assert found.code == "SC005"
    assert words in found.message
    assert at in (None, place(found))


def test_a_colon_in_a_text_is_to_be_quoted():
    found = one(complete("- print: a: b\n"))
    assert (found.code, place(found)) == ("SC005", (5, 17))
    assert "quote" in found.hint


def test_lines_end_where_editors_end_them():
    text = complete('- "x = \u20281 +"\n- y = 1 +\n')
    assert [d.span.line for d in diagnostics(text)] == [5, 6]


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_what_ended_lines_in_older_yaml_is_a_character_like_any_other(character):
    odd = f"a{character}b"
    found = loaded(f"# {odd}\nscenario: x\ndescription: {odd}\ntags: ['{odd}', \"{odd} \\ue000\"]\n{THREADS}")
    assert (found.description, found.tags) == (odd, (odd, f"{odd} \ue000"))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_line_ends_keep_places_right(newline):
    text = complete("- x = 1\n- y = 1 +\n").replace("\n", newline)
    assert place(one(text)) == (6, 16)


def test_without_libyaml_the_same_is_found(monkeypatch):
    text = complete("- x = 1\n- aquire: lock\n- {print: a, mark: b}\n") + "vars: {a: &x 1, a: !t 2, [b]: 3}\n"
    fast = diagnostics(text)
    monkeypatch.setattr(document, "_LOADER", yaml.SafeLoader)
    assert diagnostics(text) == fast
    assert len(fast) == 6


def test_spans_of_values_cover_what_is_written():
    text = "a: 'it''s'\nb:\n  - x\n  - {y: 1}\n\n# end\nc: |\n  text\n\nd: e\n"
    value, _ = parse(Source("x", text))
    spans = {key: (v.span.line, v.span.column, v.span.end_line, v.span.end_column) for key, v in value.items()}
    assert spans == {"a": (1, 4, 1, 11), "b": (3, 3, 4, 11), "c": (7, 4, 8, 7), "d": (10, 4, 10, 5)}


def test_a_diagnostic_points_at_the_stretch_that_is_meant():
    text = f"scenario: x\nvars: {{a-b: 1}}\n{THREADS}"
    assert slice_of(text, one(text)) == "a-b"
