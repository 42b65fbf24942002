"""The page in a real browser: it is stepped through, played, filtered; nothing complains and nobody is asked for anything."""

import ast
import builtins
import json
import math
import shutil
import warnings
from random import Random

import pytest
from click.testing import CliRunner
from own_code.pairs import counter
from report.browser import CHROMIUM, MISSING, browser
from report.drawn_schedules import ABBA

from scenario import explore_code
from scenario.cli.main import cli

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=MISSING), pytest.mark.xdist_group("browser")]
LOST = """
vars: {counter: 0}
threads:
  A: {count: 2, steps: [counter += 1]}
expect: [counter == 2]
"""
HOSTILE = """
vars: {x: "<img src=x onerror=alert(1)>"}
threads:
  A: {steps: ["x = x + '</script><script>alert(2)</script>'", {print: "<b>{x}</b>"}]}
expect: ["x == '<i>'"]
"""
LONG = """
vars: {счёт: 0}
primitives: {锁: Lock, a_lock_with_a_name_that_is_longer_than_a_phone_is_wide: Lock}
threads:
  поток_с_длинным_именем_который_не_кончается: {steps: [{with: [锁, a_lock_with_a_name_that_is_longer_than_a_phone_is_wide], do: [счёт += 1]}]}
  线程: {steps: [{with: [a_lock_with_a_name_that_is_longer_than_a_phone_is_wide, 锁], do: [счёт += 1]}]}
"""
SAID = """
threads:
  A: {steps: [{print: a}, {mark: m}]}
  B: {steps: [{print: b}, {mark: n}]}
expect: {output: [a, b], order: [[m, n]]}
"""
SHOWS = """
vars: {x: 0}
threads:
  A: {steps: [x = 1]}
  B: {steps: [x = 2]}
expect: {sometimes: [x == 1]}
"""
FORKS = """
vars: {free: 0}
primitives: {forks: {array: 2, of: Lock}}
threads:
  eater: {count: 2, steps: [{with: "forks[index]", do: [pass]}, {with: "forks[free]", do: [pass]}]}
"""
MANY = """
vars: {counter: 0}
primitives: {lock: Lock}
threads:
  worker: {count: 50, steps: [{repeat: 2, do: [{with: lock, do: [counter += 1]}]}]}
"""


class Flag:
    """Who raises it and who lowers it write it as plainly as can be."""

    def __init__(self):
        self.up = None

    def rise(self):
        self.up = 1

    def fall(self):
        self.up = 0


def is_up(flag):
    assert flag.up == 1


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "code.html").write_text(explore_code(counter.Wrong, counter.threads, check=counter.check).html())
    (folder / "flag.html").write_text(explore_code(Flag, [Flag.rise, Flag.fall], check=is_up).html())
    texts = {"abba": ABBA, "lost": LOST, "hostile": HOSTILE, "many": MANY, "long": LONG, "said": SAID, "shows": SHOWS}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(f"scenario: {name}{text}")
    for name in texts:
        written(folder / f"{name}.html", folder / f"{name}.yaml", "--odds" if name == "lost" else "--keep-going")
    CliRunner().invoke(cli, ["compare", str(folder / "long.yaml"), "--html", str(folder / "compared.html")])
    (folder / "forks.yaml").write_text(f"scenario: forks{FORKS}")
    CliRunner().invoke(cli, ["run", str(folder / "forks.yaml"), "--html", str(folder / "forks.html")])
    written(folder / "all.html", *(folder / f"{name}.yaml" for name in ("abba", "lost", "hostile")))
    return folder


def written(to, *given):
    CliRunner().invoke(
        cli, ["explore", *map(str, given), "--max-seconds", "5", "--html", str(to)], catch_exceptions=False
    )


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    with browser(profile) as page:
        page.look()
        yield page
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def opened(tab, files):
    """Opens one of the pages at a place; afterwards nothing has complained, and nobody was asked but for the file."""

    def opened(name, place):
        tab.open(f"{(files / f'{name}.html').as_uri()}#{place}")
        return tab

    tab.look()
    tab.complaints.clear()
    tab.requests.clear()
    yield opened
    assert tab.complaints == []
    assert {address for address in tab.requests if not address.startswith(("file:", "about:"))} == set()


def now(page):
    """The row of the step where the reader is."""
    return page.texts("#lanes tr.now td")


def test_the_address_names_the_step_and_keys_go_on(opened):
    page = opened("lost", "1.step.1.2")
    assert (page.text("#step"), now(page)) == ("2 of 4", ["2", "4", "", "read counter -> 0"])
    page.key("ArrowRight")
    assert (page.text("#step"), now(page)) == ("3 of 4", ["3", "4", "", "counter = 1"])
    assert page.texts("#vars tr.changed td") == ["counter", "1 was 0"]
    page.until("location.hash === '#1.step.1.3'")
    page.key("Home")
    assert page.text("#did") == "Nothing has been done yet."
    page.key("End")
    assert page.texts(".claims li")[0] == "✗ final counter == 2"


def test_own_code_is_stepped_through_with_its_lines(opened):
    page = opened("code", "1.step.1.3")
    assert page.text("#step") == "3 of 4"
    assert now(page)[1].startswith("counter.py:")
    assert page.texts("#did li")[1] == "self.n += 1"
    assert page.texts("#source .now") == ["        self.n += 1"]
    assert page.texts("#vars tr.changed td") == ["self.n", "1 was 0"]
    page.click("#source .now")
    assert page.text("#step") == "4 of 4"


def test_a_line_that_says_what_was_done_stands_there_once(opened):
    page = opened("flag", "1.step.1.1")
    assert page.texts("#did li")[0].startswith("rise: self.up = 1")
    assert "self.up = 1" not in page.texts("#did li") + page.texts("#lanes .code")


def test_what_passes_beside_own_code_is_called_what_it_is(opened):
    assert opened("code", "1.why.1.0").text("#passes h2") == "An execution that passes, and begins as that one does"


def test_a_step_past_the_last_is_the_last(opened):
    assert opened("lost", "1.step.1.99").text("#step") == "4 of 4"


def test_a_claim_about_the_end_is_open_until_then(opened):
    page = opened("lost", "1.step.1.1")
    assert page.texts(".claims li") == [
        "· final counter == 2", "· errors in no thread", "· deadlock never", "· livelock never",
    ]  # fmt: skip
    assert page.value("document.querySelector('.claims li').title") == "open here: asked at the end of an execution"
    assert page.value("document.getElementById('some').hidden")


def test_what_some_execution_has_to_show_stands_apart_and_is_no_failure_where_it_is_not_seen(opened):
    told = [opened("shows", f"1.step.{number}.9").texts("#some li") for number in (1, 2)]
    assert sorted(told) == [["– sometimes x == 1"], ["✓ sometimes x == 1"]]


def test_what_is_printed_and_marked_is_true_or_open_at_each_step(opened):
    page = opened("said", "1.step.1.0")
    assert page.texts(".claims li")[:2] == ["· output lines ['a', 'b']", "· order m → n"]
    page.key("End")
    assert page.texts(".claims li")[0] == "✗ output lines ['a', 'b']"
    means = "[...document.querySelectorAll('.claims [role=img]')].map(one => one.getAttribute('aria-label'))"
    assert page.value(means)[0] == "does not hold here"


def test_a_line_of_the_file_leads_to_the_next_step_on_it(opened):
    page = opened("abba", "1.step.1.0")
    page.click("#source li:nth-child(5)")
    assert page.text("#step") == "2 of 2"
    assert page.texts("#source .now") == ["  two: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}"]


def test_lines_of_the_file_are_reached_by_keys(opened):
    page = opened("abba", "1.step.1.0")
    page.value("$('source').focus()")
    for _ in range(5):
        page.key("ArrowDown")
    page.key("Enter")
    assert page.text("#step") == "2 of 2"
    assert page.value("document.activeElement.value") == 5
    page.key("ArrowUp")
    assert page.value("document.activeElement.value") == 4
    page.key("ArrowLeft")
    assert page.text("#step") == "1 of 2"


def test_the_circle_of_waiting_is_drawn(opened):
    page = opened("abba", "1.step.1.2")
    said = "one waits for lock b: two. two waits for lock a: one"
    assert page.value("document.querySelector('#circle svg').getAttribute('aria-label')") == said
    assert page.value("document.querySelectorAll('#circle .thread.round').length") == 2
    assert page.texts("#threads td.waiting") == ["waits for lock b (line 4)", "waits for lock a (line 5)"]


def test_what_passes_stands_beside_what_fails_and_leads_to_its_steps(opened):
    page = opened("lost", "1.why.1.0")
    assert page.text("#alike") == "Both begin with the same step; then they part."
    assert page.texts("#common button") == ["A[0]: read counter -> 0"]
    assert (page.texts("#failing button")[0], page.texts("#passing button")[0]) == (
        "A[1]: read counter -> 0",
        "A[0]: counter = 1",
    )
    page.click("#passing button")
    assert (page.text("#title"), page.text("#step")) == ("the nearest execution that passes", "2 of 4")


def test_arrows_lead_from_a_write_to_the_read_of_its_value(opened):
    page = opened("lost", "1.step.2.3")
    assert page.value("document.querySelectorAll('#arrows path.arrow.now').length") == 1
    assert page.text("#did .source-step") == "after step 2 of A[0], which wrote the value that is read here"
    page.click("#ordered")
    assert page.value("document.querySelectorAll('#arrows path.arrow').length") == 0


def test_steps_are_filtered_by_thread_and_by_variable_and_by_text(opened):
    page = opened("abba", "1.step.1.0")
    page.value("$('thread').value = 'two'; $('thread').onchange()")
    assert page.texts("#lanes tbody td:first-child")[1:-1] == ["2"]
    page.value("$('thread').value = ''; $('name').value = 'a'; $('name').onchange()")
    assert (page.texts("#lanes tbody td:first-child")[1:-1], page.text("#count")) == (["1"], "1 of 2 steps")
    page.value("$('name').value = ''; $('text').value = 'acquire B'; $('text').oninput()")
    assert page.texts("#lanes tbody td:first-child")[1:-1] == ["2"]


def test_an_element_is_filtered_by_its_own_name_and_by_that_of_the_whole(opened):
    page = opened("forks", "1.step.1.0")
    names = page.value("[...$('name').options].map(one => one.value)")
    assert names == ["", "forks", "forks[0]", "forks[1]", "free"]
    steps = "[...document.querySelectorAll('#lanes tbody tr[data-step]')].map(row => row.dataset.step)"
    page.value("$('name').value = 'forks'; $('name').onchange()")
    every = page.value(steps)
    page.value("$('name').value = 'forks[0]'; $('name').onchange()")
    first = page.value(steps)
    page.value("$('name').value = 'forks[1]'; $('name').onchange()")
    second = page.value(steps)
    assert len(every) == 8
    assert len(first) == len(second) == 6
    assert set(first) | set(second) == set(every)


def test_values_are_watched_by_name(opened):
    page = opened("lost", "1.step.1.4")
    page.value("$('watch').value = 'other'; $('watch').oninput()")
    assert page.texts("#vars td") == ["other", "nothing is called other"]
    page.value("$('watch').value = 'counter'; $('watch').oninput()")
    assert page.texts("#vars td:first-child") == ["counter"]


def test_expressions_are_watched_and_say_when_they_change(opened):
    page = opened("lost", "1.step.1.4")
    page.value("$('watch').value = 'counter == 2, counter * 10 + 1, A[0].x, len('; $('watch').oninput()")
    assert page.texts("#vars tr") == [
        "counter == 2False", "counter * 10 + 111", "A[0].xnothing is called A[0].x", "len(something is missing at the end",
    ]  # fmt: skip
    assert "no" in page.value("[...document.querySelectorAll('#vars tr')].at(-1).lastChild.className")
    page.key("Home")
    page.value("go(0)")
    assert page.texts("#vars tr")[:2] == ["counter == 2False", "counter * 10 + 11"]
    changed = "[...document.querySelectorAll('#vars tr.changed')].map(one => one.textContent)"
    seen = []
    for step in range(1, 5):
        page.value(f"go({step})")
        seen += page.value(changed)
    assert seen == ["counter * 10 + 111 was 1"]


def test_what_is_not_here_as_a_whole_has_no_elements_that_could_be_told(opened):
    page = opened("lost", "1.step.1.0")
    for text in ("len(x)", "x[0]", "sum(x)", "1 in x"):
        found = page.value(f"watched({json.dumps(text)}, new Map([['x', '[1, 2, …]']]))")
        assert found == {"text": "no more than its text is known here", "wrong": True}


NAMES = {
    "x": 3,
    "y": -7,
    "z": 1.5,
    "s": "it's",
    "e": "",
    "t": (1, 2),
    "l": [3, 1, 2],
    "d": {"k": 1, 2: None},
    "n": None,
    "b": True,
    "u": [],
}


def drawn_expression(random, deep=0):
    """A text that Python and the page both read."""
    if deep > 3 or random.random() < 0.25:
        return random.choice(
            [
                *NAMES,
                "0",
                "17",
                "2.5",
                "'it'",
                "True",
                "None",
                "[1, x]",
                "(1,)",
                "()",
                "{'k': 1}",
                "12345678901234567890",
            ]
        )
    one, other = drawn_expression(random, deep + 1), drawn_expression(random, deep + 1)
    return random.choice([
        f"({one}) {random.choice(['+', '-', '*', '//', '%', '/'])} ({other})",
        f"({one}) {random.choice(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'])} ({other})",
        f"({one}) {random.choice(['and', 'or'])} ({other})", f"not ({one})", f"-({one})", f"({one})[{other}]", f"0 <= ({one}) < 5",
        f"{random.choice(['len', 'sum', 'min', 'max', 'abs', 'any', 'all', 'sorted'])}({one})", f"[{one}, {other}]",
    ])  # fmt: skip


def nearly(one, other):
    """The same value, or numbers that differ in their last places."""
    one, other = ast.literal_eval(one), ast.literal_eval(other)
    return one == other or (isinstance(one, float) and isinstance(other, float) and math.isclose(one, other))


def test_what_is_watched_is_what_python_says(opened):
    """What both can calculate is the same; what the page can not (texts times numbers) it says, and never the other way round."""
    random = Random(7)
    texts = [drawn_expression(random) for _ in range(3000)]
    page = opened("lost", "1.step.1.0")
    values = json.dumps([[name, repr(value)] for name, value in NAMES.items()])
    given = page.value(f"(values => {json.dumps(texts)}.map(text => watched(text, values)))(new Map({values}))")
    compared = 0
    for text, found in zip(texts, given, strict=True):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                right = repr(eval(text, {"__builtins__": vars(builtins)}, dict(NAMES)))
        except Exception:  # noqa: BLE001 (whatever Python raises)
            assert found["wrong"], (text, found)
        else:
            compared += not found["wrong"]
            assert found["wrong"] or found["text"] == right or nearly(found["text"], right), (text, found, right)
    assert compared > 1000


HOSTILE_TEXTS = (
    "__proto__", "constructor", "x.constructor", "toString()", "[].constructor", "window", "document.cookie", "fetch('http://a')",
    "alert(1)", "(" * 5000, "[" * 400, "'" * 99, "not " * 400, "-" * 400, "x" * 10_000, "\\", "`${1}`",
    "=> 1", "a ? b : c", "1;2", "/*", "//", "{" * 99, "\ud800", "𝒳", "x in x in x", "hasOwnProperty('a')", "len(__proto__)",
)  # fmt: skip


def test_no_text_that_is_watched_does_anything(opened):
    page = opened("lost", "1.step.1.2")
    for text in HOSTILE_TEXTS:
        page.value(f"$('watch').value = {json.dumps(text)}; $('watch').oninput()")
        assert page.value(
            "[...document.querySelectorAll('#vars tr td:last-child')].every(one => one.className === 'no')"
        ), text
    page.value("$('watch').value = ''; $('watch').oninput()")
    assert page.texts("#vars td:first-child")[0] == "counter"


def test_the_reader_plays_and_is_told_what_can_still_come(opened):
    page = opened("lost", "1.play.1..0")
    assert page.text("#prospect") == "it can go wrong in 4 steps; it can still be saved"
    assert page.texts("#choices button") == ["1. A[0]: read counter -> 0", "2. A[1]: read counter -> 0"]
    page.click("#hints")
    page.key("1")
    assert page.texts("#choices button") == [
        "1. A[0]: counter = 1 → nothing can go wrong",
        "2. A[1]: read counter -> 0 → it can not be saved: it can go wrong in 2 steps",
    ]
    page.click("#choices button:nth-child(2)")
    page.until("location.hash === '#1.play.1.0-1.2'")
    assert page.text("#prospect").startswith("it can not be saved")
    page.key("1")
    page.key("1")
    assert (page.text("#step"), page.text("#choices")) == ("4 of 4", "Nobody can move any more.")
    assert page.text("#prospect") == "final: `counter == 2` is false: counter is 1"
    page.key("ArrowLeft")
    assert page.text("#step") == "3 of 4"
    page.click("#anew")
    assert page.text("#step") == "0 of 0"


def test_an_address_is_a_game_that_was_played(opened):
    page = opened("lost", "1.play.1.0-0-0-0")
    assert (page.text("#step"), page.text("#prospect")) == ("4 of 4", "it is over, and all is well")


def test_a_small_graph_is_drawn_and_leads_to_its_states(opened):
    page = opened("lost", "1.graph")
    assert page.value("document.querySelectorAll('#graph .state').length") == 12
    assert page.value("document.querySelectorAll('#graph path.edge').length") == 14
    page.value("document.querySelector('#graph .state:last-child').onclick()")
    assert (page.text("#step"), page.text("#prospect")) == ("4 of 4", "final: `counter == 2` is false: counter is 1")


def test_a_larger_graph_is_not_drawn(opened):
    page = opened("many", "1.graph")
    assert page.text("#graph").startswith("This graph has more than")
    page.click("[data-view=play]")
    assert page.text("#part").startswith("This page has the nearest")


@pytest.mark.parametrize("view", ["step", "why", "play", "graph", "outcomes"])
def test_keys_are_told_of_where_they_do_something(opened, view):
    assert opened("lost", f"1.{view}").value("$('keys').hidden") is (view not in ("step", "play"))


def test_outcomes_have_bars(opened):
    page = opened("lost", "1.outcomes")
    assert page.texts("#rows tbody tr:first-child td")[:3] == ["2", "fine", " 50.0 %"]
    assert page.value("document.querySelector('#rows rect').getAttribute('width')") == "60"


def test_outcomes_are_of_all_executions(opened):
    page = opened("lost", "1.outcomes")
    assert (page.text("#title"), page.value("$('reels').hidden")) == ("How executions end", True)
    assert page.texts("#rows th") == ["counter", "end", "how often", "in all"]


def test_outcomes_that_nobody_has_counted_have_no_column_for_it(opened):
    assert opened("abba", "1.outcomes").texts("#rows th") == ["end"]


def test_several_files_have_an_index_with_filters(opened):
    page = opened("all", "")
    assert page.texts("#files td:nth-child(2)") == ["abba", "lost", "hostile"]
    page.value("$('find').value = 'deadlock'; $('find').oninput()")
    assert (page.texts("#files td:nth-child(2)"), page.text("#found")) == (["abba"], "1 of 3")
    page.click("#files a")
    page.until("!$('view-step').hidden")
    assert page.text("#title").startswith("deadlock")
    page.click("#up")
    assert page.texts("h1")[0] == "Scenarios"


@pytest.mark.parametrize("place", ["1.step.1.2", "1.why.1.0", "1.play.1.0", "1.graph", "1.outcomes"])
def test_nothing_of_a_file_acts_in_the_page(opened, place):
    page = opened("hostile", place)
    assert page.value("document.querySelectorAll('img, b, i, script[src]').length") == 0


def test_tabs_are_reached_by_keys(opened):
    page = opened("lost", "1.step.1.0")
    page.value("document.querySelector('[data-view=step]').focus()")
    page.key("ArrowRight")
    assert page.value("document.activeElement.dataset.view") == "why"
    assert page.value("document.activeElement.getAttribute('aria-selected')") == "true"


def test_only_the_rows_and_columns_that_are_seen_are_in_the_document(opened):
    page = opened("many", "1.step.1.300")
    page.until("path.steps.length > 300")
    assert page.value("$('lanes').tBodies[0].rows.length") < 100
    assert page.value("$('lanes').tBodies[0].rows[5].cells.length") < 30
    assert now(page)[0] == "300"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("place", ["1.step.1.2", "1.why.1.0", "1.play.1.0", "1.graph", "1.outcomes"])
def test_nothing_is_wider_than_the_window(opened, tab, place, width, dark):
    tab.look(width=width, dark=dark)
    assert opened("long", place).value("document.documentElement.scrollWidth") <= width
    page = opened("lost", place)
    assert page.value("document.documentElement.scrollWidth") <= width
    back, text = page.value("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert (back == "rgb(13, 17, 23)", text == "rgb(230, 237, 243)") == (dark, dark)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_comparison_needs_no_scrolling(opened, tab, width):
    tab.look(width=width)
    page = opened("compared", "")
    assert page.texts("tbody th") == ["in turn", "threading", "asyncio", "multiprocessing"]
    beyond = "[document.documentElement, ...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)"
    assert page.value(beyond) == [0, 0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_comparison_has_the_contrast_that_wcag_asks_for(opened, tab, dark):
    tab.look(dark=dark)
    assert opened("compared", "").value(FAINT) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_number_of_a_step_stays_beside_its_lane(opened, tab, width):
    tab.look(width=width)
    page = opened("many", "1.step.1.300")
    left, first, right, lane = page.value(
        "(row => [$('scroll').getBoundingClientRect().left, row.cells[0].getBoundingClientRect().left, row.cells[0].getBoundingClientRect().right, "
        "[...row.cells].find(one => one.title).getBoundingClientRect().left])(document.querySelector('#lanes tr.now'))"
    )
    assert page.value("$('scroll').scrollLeft") > 0
    assert abs(first - left) <= 1
    assert lane >= right - 1
    page.value(
        "go(path.steps.findIndex(step => stepOf(sheets[0], step).thread === 0) + 1)"
    )  # it comes from behind the number
    page.until("$('scroll').scrollLeft < 200")
    row = "document.querySelector('#lanes tr.now')"
    assert page.value(f"[...{row}.cells].find(one => one.title).getBoundingClientRect().left") >= right - 1


NAMED = {"button", "link", "searchbox", "combobox", "slider", "tab", "checkbox", "image", "region", "tabpanel", "table"}


@pytest.mark.parametrize("place", ["1.step.1.2", "1.why.1.0", "1.play.1.0", "1.graph", "1.outcomes"])
def test_whoever_does_not_see_is_told_what_each_thing_is(opened, place):
    """By the tree that the browser gives to screen readers."""
    page = opened("lost", place)
    nodes = [node for node in page.ask("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    named = [(node["role"]["value"], node["name"]["value"]) for node in nodes if node["role"]["value"] in NAMED]
    assert len(named) > 5
    assert [role for role, name in named if not name] == []


def test_every_field_has_a_name(opened):
    page = opened("lost", "1.step.1.0")
    unnamed = page.value(
        "[...document.querySelectorAll('button, input, select')].filter(one => !one.textContent.trim() && "
        "!one.getAttribute('aria-label') && !(one.labels && one.labels.length)).map(one => one.id)"
    )
    assert unnamed == []


FAINT = """
(() => {
  const parsed = text => { const found = text.match(/[\\d.]+/g).map(Number); return [...found.slice(0, 3), found[3] ?? 1] }
  const over = ([r, g, b, a], under) => [r, g, b].map((one, place) => one * a + under[place] * (1 - a))
  const light = color => color.map(one => one / 255).map(one => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0)
  const behind = element => element ? over(parsed(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [255, 255, 255]
  const opacity = element => element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1
  const faint = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim()
    if (!text || !element.checkVisibility() || element.closest('script, style, option')) continue
    const style = getComputedStyle(element), back = behind(element), [r, g, b, a] = parsed(element.closest('svg') ? style.fill : style.color)
    const front = over([r, g, b, a * opacity(element)], back), [dark, bright] = [light(front), light(back)].sort((one, other) => one - other)
    const ratio = (bright + 0.05) / (dark + 0.05), needed = parseFloat(style.fontSize) >= 24 ? 3 : 4.5
    if (ratio < needed) faint.push(`${element.tagName}.${element.className}: ${text.slice(0, 40)}: ${ratio.toFixed(2)}`)
  }
  return faint
})()
"""
"""The texts that are seen, with too little contrast (WCAG 2.2, AA, 1.4.3) by the colours that the browser computes."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks_for(opened, tab, dark):
    tab.look(dark=dark)
    places = (
        ["abba", "1.step.1.1"],
        ["lost", "1.step.1.3"],
        ["lost", "1.why.1.0"],
        ["lost", "1.play.1.0-1"],
        ["lost", "1.outcomes"],
    )
    for name, place in [*places, ["lost", "1.graph"], ["all", ""]]:
        page = opened(name, place)
        if "play" in place:
            page.click("#hints")
        assert page.value(FAINT) == [], (name, place)


def test_what_is_too_faint_is_found(opened):
    page = opened("lost", "1.step.1.3")
    page.value(
        "document.getElementById('title').setAttribute('class', 'was'), document.documentElement.style.setProperty('--dim', '#aaa')"
    )
    assert any(text.startswith("H1") or ".was" in text for text in page.value(FAINT))
