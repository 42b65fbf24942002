"""The page of own code: each step with its line, what is held and waited for, values as they are, what passes beside it."""

import json
import re
import threading
from textwrap import dedent

import pytest
from click.testing import CliRunner
from own_code.pairs import accounts, counter

from scenario import explore_code
from scenario.cli.main import cli


def sheet_of(html):
    return json.loads(re.search(r'id="content">(.*?)</script>', html, re.DOTALL).group(1))[0]


def steps_of(sheet, number=0):
    """Thread, line of the code and words of each step."""
    tables, reel = sheet["tables"], sheet["reels"][number]
    for step in reel["steps"]:
        _, ((thread, line, text), *_), _ = tables["steps"][step]
        yield sheet["threads"][thread], sheet["source"][line - 1].strip(), tables["texts"][text]


def frames_of(sheet, number=0):
    """The values, who holds what, and for what each waits, before the first step and after each."""
    tables = sheet["tables"]
    text = tables["texts"]
    for values, holds, _, *stands in sheet["reels"][number]["frames"]:
        yield (
            dict(zip(sheet["variables"], (text[each] for each in tables["values"][values]), strict=True)),
            {sheet["threads"][thread]: [text[name] for name in names] for thread, *names in tables["holds"][holds]},
            [text[waits] for _, _, waits, *_ in (tables["stands"][each] for each in stands) if waits >= 0],
        )


@pytest.fixture(scope="module")
def lost():
    return sheet_of(explore_code(counter.Wrong, counter.threads, check=counter.check).html())


@pytest.fixture(scope="module")
def stuck():
    return sheet_of(explore_code(accounts.Wrong, accounts.threads, check=accounts.check).html())


def test_each_step_has_its_line_and_its_value(lost):
    steps = [(line, words) for _, line, words in steps_of(lost)]
    assert steps[:2] == [("self.n += 1", "read self.n -> 0")] * 2
    assert {words for _, words in steps[2:]} == {"self.n = 1"}


def test_the_steps_that_make_the_pattern_are_marked(lost):
    threads = [thread for thread, _, _ in steps_of(lost)]
    read, other, write = lost["reels"][0]["marked"]
    assert threads[read] == threads[write] != threads[other]
    assert lost["reels"][0]["why"].startswith("lost update: ")


def test_a_value_is_known_before_it_is_read_first(lost):
    values = [values["self.n"] for values, _, _ in frames_of(lost)]
    assert values[0] == "0"
    assert values[-1] == "1"


def test_what_passes_begins_as_what_fails_and_then_parts(lost):
    fails, passes = lost["reels"]
    assert (fails["kind"], passes["kind"], passes["of"]) == ("fails", "passes", 0)
    one, other, same = list(steps_of(lost, 0)), list(steps_of(lost, 1)), passes["same"]
    assert one[:same] == other[:same]
    assert one[same] != other[same]
    assert [values for values, _, _ in frames_of(lost, 1)][-1] == {"self.n": "2"}


def test_who_holds_and_who_waits_is_told_of_a_deadlock(stuck):
    _, holds, waits = list(frames_of(stuck))[-1]
    (one,), (other,) = holds.values()
    assert one != other
    assert len(waits) == 2
    assert stuck["reels"][0]["why"].startswith("AB/BA: ")
    assert len(stuck["reels"][0]["marked"]) == 2


class Shelf:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def put(self):
        with self.lock:
            self.items.append("book")


def test_of_what_holds_some_executions_are_shown_and_a_container_is_as_it_is_then():
    sheet = sheet_of(explore_code(Shelf, [Shelf.put, Shelf.put]).html())
    assert {reel["kind"] for reel in sheet["reels"]} == {"sample"}
    assert [values["self.items"] for values, _, _ in frames_of(sheet)][-1] == "['book', 'book']"
    assert sheet["said"] == ["all 2 interleavings were executed"]


MODULE = """
left = 1
def buy():
    global left
    if left:
        left -= 1
        return 1
    return 0
"""
FILE = """
scenario: shop
python: {buy: shop_of_a_page:buy}
vars: {sold: 0}
primitives: {counted: Lock}
threads:
  A:
    count: 2
    steps:
      - {call: buy, into: one}
      - {with: counted, do: [sold += one]}
expect: [sold == 1]
"""


def test_a_file_has_its_own_lines_and_those_of_the_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop_of_a_page.py").write_text(MODULE)
    (tmp_path / "shop.yaml").write_text(dedent(FILE).lstrip())
    arguments = ["explore", "shop.yaml", "--allow-python", "shop_of_a_page", "--html", "shop.html"]
    assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 1
    sheet = sheet_of((tmp_path / "shop.html").read_text())
    assert [part[0] for part in sheet["parts"]] == ["", "shop_of_a_page.py"]
    steps = [step[1:] for step in steps_of(sheet)]
    assert ("if left:", "read left -> 1") in steps
    assert ("- {with: counted, do: [sold += one]}", "acquire counted") in steps
    assert [values["sold"] for values, _, _ in frames_of(sheet)][-1] == "2"
    assert sheet["claims"][0][:2] == ["final", "sold == 1"]
    assert [reel["kind"] for reel in sheet["reels"]] == ["fails", "passes"]


TELLING = """
scenario: telling
python: {buy: shop_of_a_page_that_tells:buy}
threads:
  A: {steps: [{call: buy}, {mark: bought}]}
  B: {steps: [{mark: looked}]}
expect: {output: [sold], order: [[bought, looked]]}
"""


def test_what_is_printed_and_marked_is_known_at_each_step(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop_of_a_page_that_tells.py").write_text("def buy():\n    print('sold')\n    print('out')\n")
    (tmp_path / "telling.yaml").write_text(dedent(TELLING).lstrip())
    arguments = ["explore", "telling.yaml", "--allow-python", "shop_of_a_page_that_tells", "--html", "t.html"]
    assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 1
    sheet = sheet_of((tmp_path / "t.html").read_text())
    truths = [sheet["tables"]["truths"][frame[2]] for frame in sheet["reels"][0]["frames"]]
    assert truths[0] == "-----"
    assert "0----" in truths  # one line too many
    assert truths[-1].startswith("0")
