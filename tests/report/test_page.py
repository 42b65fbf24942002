"""What the page is given: schedules, what passes, the graph, outcomes; and that nothing else can act in it."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from click.testing import CliRunner
from explore.found import program
from report.drawn_schedules import ABBA

from scenario.cli.main import cli
from scenario.commands.exploring import explore
from scenario.commands.loading.selected import load_all
from scenario.commands.pictures import filming
from scenario.commands.pictures.filming import filmed
from scenario.engines import threads
from scenario.files.options import Selection
from scenario.report.reporter import Silent
from scenario.settings import ExploreOptions

HOLDS = """
vars: {x: 0, "y": "</script><script>alert(1)</script>"}
threads:
  a: {steps: [x = 1, x = 2]}
expect: {always: [x < 3, x != 1 or x == 1], reachable: [x == 1], final: [x == 2], sometimes: [x > 1]}
"""
LOST = """
vars: {counter: 0}
threads:
  A: {count: 2, steps: [counter += 1]}
expect: [counter == 2]
"""


@pytest.fixture
def page(tmp_path):
    def made(text, *options, command="explore"):
        file, to = tmp_path / "t.yaml", tmp_path / "t.html"
        file.write_text("scenario: t" + text)
        CliRunner().invoke(cli, [command, str(file), *options, "--html", str(to)], catch_exceptions=False)
        return to

    return made


def test_a_search_that_was_interrupted_is_shown_without_looking_for_more(tmp_path):
    (tmp_path / "t.yaml").write_text("scenario: t" + LOST)
    selection = Selection((str(tmp_path / "t.yaml"),))
    files = load_all(selection, exploring=True)
    report = explore(files, selection, ExploreOptions(), Silent())
    (result,) = report.results
    itself = replace(report, results=(replace(result, interrupted=True),))
    later = replace(report, interrupted=True)  # it came when this one was done
    (whole,), *others = (filmed(one, files, {}, frozenset()) for one in (report, itself, later))
    assert ([reel.kind for reel in whole.reels], whole.game is None) == (["fails", "passes"], False)
    for (cut,) in others:
        assert ([reel.kind for reel in cut.reels], cut.game) == (["fails"], None)


def sheets(page):
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', page.read_text(), re.DOTALL)
    return json.loads(found[1])


def sheet(page):
    (only,) = sheets(page)
    return only


def values(sheet, frame):
    """Of the variables, as texts."""
    tables = sheet["tables"]
    return dict(zip(sheet["variables"], [tables["texts"][n] for n in tables["values"][frame[0]]], strict=True))


def holds(sheet, frame):
    tables = sheet["tables"]
    return {
        sheet["threads"][thread]: [tables["texts"][n] for n in names] for thread, *names in tables["holds"][frame[1]]
    }


OF_EVERY_FILE = (["errors", "in no thread"], ["deadlock", "never"], ["livelock", "never"])


def claims(sheet):
    """What the file says; of each what it is, and its text."""
    return [one[:2] for one in sheet["claims"] if one[:2] not in OF_EVERY_FILE]


def truths(sheet, frame, asked=None):
    """Of those, or of these."""
    letters = zip(sheet["claims"], sheet["tables"]["truths"][frame[2]], strict=True)
    return "".join(letter for one, letter in letters if (one[:2] in asked if asked else one[:2] not in OF_EVERY_FILE))


def standing(sheet, frame):
    """By thread how it is, for what it waits and for whom."""
    tables, threads = sheet["tables"], sheet["threads"]
    rows = [tables["stands"][number] for number in frame[3:]]
    return {
        thread: (state, tables["texts"][text] if text >= 0 else "", [threads[n] for n in on])
        for thread, (state, _, text, on, *_) in zip(threads, rows, strict=True)
    }


def steps(sheet, reel):
    tables = sheet["tables"]
    return [
        (sheet["threads"][tables["steps"][n][0]], tables["texts"][tables["steps"][n][1][0][2]]) for n in reel["steps"]
    ]


def test_each_step_has_who_holds_what_and_who_waits_for_whom(page):
    shown = sheet(page(ABBA))
    reel = shown["reels"][0]
    assert reel["title"] == "deadlock: one waits for lock b, two waits for lock a"
    assert reel["why"].startswith("AB/BA")
    assert [holds(shown, frame) for frame in reel["frames"]] == [{}, {"one": ["a"]}, {"one": ["a"], "two": ["b"]}]
    assert standing(shown, reel["frames"][0]) == {"one": (1, "", []), "two": (1, "", [])}
    assert standing(shown, reel["frames"][2]) == {"one": (2, "lock b", ["two"]), "two": (2, "lock a", ["one"])}


def test_beside_what_fails_stands_the_nearest_execution_that_passes(page):
    shown = sheet(page(LOST))
    failing, passing = shown["reels"]
    assert (failing["kind"], passing["kind"], passing["of"], passing["same"]) == ("fails", "passes", 0, 1)
    assert steps(shown, failing)[:1] == steps(shown, passing)[:1]
    assert steps(shown, failing)[1] != steps(shown, passing)[1]
    assert values(shown, passing["frames"][-1]) == {"counter": "2"}


def test_the_steps_that_are_at_odds_are_marked(page):
    shown = sheet(page(LOST))
    failing = shown["reels"][0]
    assert [steps(shown, failing)[number] for number in failing["marked"]] == [
        ("A[0]", "read counter -> 0"), ("A[1]", "counter = 1"), ("A[0]", "counter = 1"),
    ]  # fmt: skip
    assert sheet(page(ABBA))["reels"][0]["marked"] == [0, 1]


def test_a_claim_about_the_end_is_not_asked_before_it(page):
    shown = sheet(page(HOLDS))
    assert claims(shown) == [
        ["always", "x < 3"], ["always", "x != 1 or x == 1"], ["reachable", "x == 1"], ["final", "x == 2"], ["sometimes", "x > 1"],
    ]  # fmt: skip
    assert [truths(shown, frame) for frame in shown["reels"][0]["frames"]] == ["110--", "111--", "11011"]


SAID = """
threads:
  A: {steps: [{print: a}, {mark: m}]}
  B: {steps: [{print: b}, {mark: n}]}
expect: {output: {lines: [a, b], contains: [a]}, order: [[m, n]]}
"""


def test_what_is_printed_and_marked_is_asked_as_far_as_it_is_known(page):
    shown = sheet(page(SAID))
    assert claims(shown) == [["output", "lines ['a', 'b']"], ["output", "contains 'a'"], ["order", "m → n"]]
    failing, passing = shown["reels"]
    assert {truths(shown, frame) for frame in failing["frames"][:-1]} <= {"---", "0--", "01-", "-1-", "-10", "010"}
    assert "0" in truths(shown, failing["frames"][-1])
    assert [truths(shown, passing["frames"][place]) for place in (0, -2, -1)] == ["---", "-1-", "111"]


FORKS = """
vars: {free: 0}
primitives: {forks: {array: 3, of: Lock}}
threads:
  eater:
    count: 2
    steps:
      - i = index - 1
      - with: forks[i]
        do:
          - i = i + 2
      - acquire: forks[free]
      - release: forks[free]
      - i = [forks[i].locked() for i in range(3)]
"""


def named(sheet, reel):
    """On what each step is, by thread."""
    texts, rows = sheet["tables"]["texts"], [sheet["tables"]["steps"][number] for number in reel["steps"]]
    return {
        name: [{texts[n] for n in names} for thread, _, names in rows if thread == number]
        for number, name in enumerate(sheet["threads"])
    }


@pytest.mark.parametrize("runtime", ["threading", "asyncio", "multiprocessing"])
def test_steps_of_a_run_name_elements_where_the_thread_alone_tells_which(page, runtime):
    """At the end of a `with` it is the one that was taken; where others may change the number it is the array."""
    shown = sheet(page(FORKS, "--runtime", runtime, command="run"))
    ran = named(shown, next(reel for reel in shown["reels"] if reel["kind"] == "run"))
    rest = [{"forks", "free"}, {"forks", "free"}, {"forks"}, set()]
    assert ran == {
        "eater[0]": [set(), {"forks[2]"}, set(), {"forks[2]"}, *rest],
        "eater[1]": [set(), {"forks[0]"}, set(), {"forks[0]"}, *rest],
    }


def test_an_explored_step_names_the_element_that_it_is_on(page):
    """Also where the file counts from the end."""
    text = """
primitives: {queues: {array: 2, of: Queue}}
threads:
  A: {steps: [{put: "queues[index - 1]", item: 1}]}
  B: {steps: [{get: "queues[1]"}]}
"""
    shown = sheet(page(text))
    assert named(shown, shown["reels"][0]) == {"A": [{"queues[1]"}], "B": [{"queues[1]"}]}
    assert shown["reels"][0]["arrows"] == [[0, 1, "object"]]


def test_an_end_with_an_exception_is_known_when_it_is_there(page):
    shown = sheet(
        page(
            """
vars: {x: 0}
threads:
  A: {steps: [x = 2, {raise: KeyError}]}
  B: {steps: [x = 1]}
expect: {errors: {A: ValueError}}
"""
        )
    )
    failing = shown["reels"][0]
    assert claims(shown) == [["errors", "A: ValueError"], ["errors", "in no other thread"]]
    assert [truths(shown, failing["frames"][place]) for place in (0, -1)] == ["--", "0-"]


def ends(sheet, frame):
    """What is known of deadlocks and of livelocks."""
    told = zip(sheet["claims"], sheet["tables"]["truths"][frame[2]], strict=True)
    return [letter for (kind, *_), letter in told if kind in ("deadlock", "livelock")]


def test_a_deadlock_is_seen_in_the_last_state_of_its_schedule_and_in_no_other(page):
    """In the graph, too: there who is stuck beside others, and who is stuck alone."""
    shown = sheet(page(ABBA))
    assert [ends(shown, frame) for frame in shown["reels"][0]["frames"]] == [["-", "-"], ["-", "-"], ["0", "1"]]
    spots = shown["game"]["spots"]
    assert [ends(shown, one)[0] == "0" for one in spots] == [
        [state for state, *_ in standing(shown, one).values()] == [2, 2] for one in spots
    ]
    three = "  three: {steps: [{while: true, do: [{acquire: c}, {release: c}]}]}\n"
    beside = sheet(page(ABBA.replace("b: Lock", "b: Lock, c: Lock") + three))
    last = beside["reels"][0]["frames"][-1]
    assert standing(beside, last)["three"][0] == 1
    assert ends(beside, last)[0] == "0"


ROUND = """
runtimes: [RUNTIME]
vars: {x: 0}
threads:
  A: {steps: [{while: x != 5, do: [{sleep: 0}, x = 1]}]}
  B: {steps: [{while: x != 6, do: [{sleep: 0}, x = 2]}]}
"""


@pytest.mark.parametrize("runtime", ["threading", "asyncio"])
def test_a_livelock_is_seen_where_its_round_closes(page, runtime):
    shown = sheet(page(ROUND.replace("RUNTIME", runtime)))
    failing = shown["reels"][0]
    assert failing["kind"] == "fails"
    *before, last = (ends(shown, frame) for frame in failing["frames"])
    assert set(map(tuple, before)) == {("-", "-")}
    assert last == ["1", "0"]


@pytest.mark.parametrize("runtime", ["threading", "asyncio"])
def test_of_a_run_claims_over_states_are_told_as_it_has_looked_at_them(page, runtime):
    """What never failed held, what was never seen was not so; else the values tell."""
    text = """
vars: {x: 0}
primitives: {lock: Lock}
threads:
  A: {steps: [{with: lock, do: [x = 1, x = 2]}]}
expect:
  always: [x < 2, not lock.locked() or x < 3]
  reachable: [x == 1, x == 7, lock.locked()]
"""
    shown = sheet(page(text, "--runtime", runtime, command="run"))
    ran = shown["reels"][0]
    assert ran["kind"] == "run"
    by_value = {"0": "1100-", "1": "1110-", "2": "0100-"}
    assert [truths(shown, one) for one in ran["frames"]] == [by_value[values(shown, one)["x"]] for one in ran["frames"]]


@pytest.mark.parametrize("runtime", ["threading", "asyncio", "multiprocessing"])
def test_of_a_run_it_is_known_what_was_printed_and_marked_by_then(page, runtime):
    alone = """
threads:
  A: {steps: [{print: a}, {mark: m}, {mark: n}, {print: b}]}
expect: {output: {lines: [a, b], contains: [a, b]}, order: [[n, m]]}
"""
    shown = sheet(page(alone, "--runtime", runtime, command="run"))
    ran = next(reel for reel in shown["reels"] if reel["kind"] == "run")
    assert [truths(shown, frame) for frame in ran["frames"]] == ["----", "-1--", "-1--", "-1-0", "-110", "1110"]


LONG = """
vars: {counter: 0}
primitives: {lock: Lock}
threads:
  worker: {count: 3, steps: [{repeat: ROUNDS, do: [{with: lock, do: [counter += 1]}]}]}
expect: [counter == EXPECTED]
"""


def test_a_schedule_that_goes_on_to_the_ends_of_its_threads_is_shown_to_its_end(page):
    shown = sheet(page(LONG.replace("ROUNDS", "40").replace("EXPECTED", "0")))
    failing = shown["reels"][0]
    assert (failing["kind"], len(failing["steps"])) == ("fails", 3 * 40 * 4)
    assert values(shown, failing["frames"][-1]) == {"counter": "120"}
    assert truths(shown, failing["frames"][-1]) == "0"
    too_long = sheet(page(LONG.replace("ROUNDS", "4000").replace("EXPECTED", "0")))
    assert too_long["said"] == ["1 of 1 schedules is too long to be stepped through here"]


def test_of_a_long_execution_it_is_said_that_only_its_beginning_is_shown(page):
    shown = sheet(page(LONG.replace("ROUNDS", "40").replace("EXPECTED", "120")))
    assert shown["verdict"] == "holds"
    assert shown["reels"][0]["title"] == "the beginning of one of its executions"
    whole = sheet(page(LONG.replace("ROUNDS", "2").replace("EXPECTED", "6")))
    assert whole["reels"][0]["title"] == "one of its executions"


def test_a_claim_about_who_is_blocked_is_asked_of_each_state(page):
    text = """
primitives: {lock: Lock}
threads:
  A: {count: 2, steps: [{with: lock, do: [pass]}]}
expect: {reachable: [A.blocked == 1]}
"""
    shown = sheet(page(text))
    spots = shown["game"]["spots"]
    blocked = [any(state == 2 for state, _, _ in standing(shown, spot).values()) for spot in spots]
    assert [truths(shown, spot) == "1" for spot in spots] == blocked
    assert True in blocked


def test_of_what_holds_executions_that_end_differently_are_shown(page):
    shown = sheet(page("\nvars: {x: 0}\nthreads:\n  a: {steps: [x = 1]}\n  b: {steps: [x = 2]}\n"))
    assert {values(shown, reel["frames"][-1])["x"] for reel in shown["reels"]} == {"1", "2"}
    assert {reel["kind"] for reel in shown["reels"]} == {"sample"}


def test_where_one_execution_took_long_no_other_is_tried(page, monkeypatch):
    monkeypatch.setattr(filming, "TRYING", 0)
    (only,) = sheet(page("\nvars: {x: 0}\nthreads:\n  a: {steps: [x = 1]}\n  b: {steps: [x = 2]}\n"))["reels"]
    assert only["kind"] == "sample"


def test_arrows_go_from_what_was_written_to_who_reads_it(page):
    shown = sheet(page(LOST))
    passing = shown["reels"][1]
    done = steps(shown, passing)
    ((start, end, because),) = passing["arrows"]
    assert (done[start][1], done[end][1], because) == ("counter = 1", "read counter -> 1", "value")


def test_outcomes_have_their_odds(page):
    rows = sheet(page(LOST, "--odds"))["outcomes"]["rows"]
    assert {(row["cells"][0], row["end"], row["share"], row["count"]) for row in rows} == {
        ("2", "fine", 0.5, "2 interleavings, probability 1/2"),
        ("1", "fails: final", 0.5, "4 interleavings, probability 1/2"),
    }


def test_of_runs_there_is_how_often_each_outcome_was_seen(page):
    shown = sheet(page(LOST, "--times", "3", "--seed", "1", command="run"))
    assert sum(int(row["count"].split()[0]) for row in shown["outcomes"]["rows"]) == 3
    assert shown["game"]["whole"]


def test_a_run_that_is_stuck_shows_who_waits_for_whom(page):
    text = "\nprimitives: {a: Lock}\nthreads:\n  one: {steps: [{acquire: a}, {acquire: a}]}\n"
    shown = sheet(page(text, command="run"))
    (waits,) = shown["waiting"]
    assert (waits[0], shown["tables"]["texts"][waits[1]], waits[2]) == (0, "lock a", [0])
    assert shown["said"][0] == "deadlock: one waits for lock a"


def test_a_graph_that_takes_too_much_is_cut_and_says_so(page, monkeypatch):
    import scenario.report.page.page as whole

    monkeypatch.setattr(whole, "LARGEST", 300)
    monkeypatch.setattr(whole, "LEAST", 300)
    game = sheet(page(LOST))["game"]
    count = len(game["spots"])
    assert (game["whole"], 0 < count < 12) == (False, True)
    assert all(to < count for ways in game["choices"] for to in ways[1::2])
    assert any(to == -1 for ways in game["choices"] for to in ways[1::2])


def test_several_cases_are_several_sheets(page):
    text = "\nparams: {n: 1}\ncases: [{n: 1}, {n: 2}]\nthreads:\n  a: {count: n, steps: [pass]}\n"
    assert [one["name"] for one in sheets(page(text))] == ["t n=1", "t n=2"]


def test_an_invalid_file_says_what_is_wrong(page):
    shown = sheet(page("\nthreads:\n  a: {steps: [x += 1]}\n"))
    assert (shown["verdict"], shown["reels"], shown["game"]) == ("invalid", [], None)
    assert any("`x`" in text and text.endswith("(line 3)") for text in shown["said"])


def test_only_the_pages_own_style_and_script_may_do_anything(page):
    text = page(HOLDS).read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert f"'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'" in policy
    assert "alert(1)</script>" not in text
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    assert "innerHTML" not in text


# --- a single run ------------------------------------------------------------------------------------------

TURNS = """
vars: {seen: [], n: 0}
primitives: {a: Lock, go: Event}
threads:
  one:
    steps:
      - with: a
        do:
          - n = 1
          - set: go
          - sleep: 0.05
      - seen.append(n)
  two:
    steps:
      - wait: go
      - with: a
        do: [n = 2]
expect: [n == 2]
"""


@pytest.mark.parametrize("runtime", ["threading", "asyncio", "multiprocessing"])
def test_a_run_shows_its_own_steps_with_values_holders_and_waits(page, runtime):
    shown = sheet(page(f"{TURNS}runtimes: [{runtime}]\n", command="run"))
    reel = shown["reels"][0]
    assert (reel["kind"], reel["title"]) == ("run", "this run: as it went")
    told = steps(shown, reel)
    assert [text.partition(",")[0] for thread, text in told if thread == "one"] == [
        "with: a", "n = 1", "set: go", "sleep: 0.05", "end of with: a", "seen.append(n)", "end",
    ]  # fmt: skip
    rows = (shown["tables"]["steps"][number] for number in reel["steps"])
    assert [[shown["tables"]["texts"][name] for name in named] for thread, _, named in rows if not thread] == [
        ["a"], ["n"], ["go"], [], ["a"], ["seen", "n"], [],
    ]  # fmt: skip
    before_release = reel["frames"][told.index(("one", "end of with: a"))]
    assert (holds(shown, before_release), values(shown, before_release)["n"]) == ({"one": ["a"]}, "1")
    assert standing(shown, before_release)["two"] == (2, "lock a", ["one"])
    assert values(shown, reel["frames"][-1])["n"] == "2"
    assert truths(shown, reel["frames"][-1]) == "1"
    assert standing(shown, reel["frames"][-1]) == {"one": (3, "", []), "two": (3, "", [])}


def test_a_run_that_fails_shows_what_was_seen_and_beside_it_what_is_explored(page):
    shown = sheet(
        page(
            ABBA.replace("do: [{with", "do: [{wait: g}, {with").replace(
                "b: Lock", "b: Lock, g: {Barrier: {parties: 2}}"
            ),
            command="run",
        )
    )
    run, *explored = shown["reels"]
    assert run["kind"] == "run"
    assert run["title"] == "this run: deadlock: one waits for lock b, two waits for lock a"
    assert standing(shown, run["frames"][-1]) == {"one": (2, "lock b", ["two"]), "two": (2, "lock a", ["one"])}
    assert holds(shown, run["frames"][-1]) == {"one": ["a"], "two": ["b"]}
    assert explored[0]["kind"] == "fails"
    assert explored[0]["title"].startswith("deadlock")


KILLED = """
runtimes: [multiprocessing]
vars: {n: 0}
primitives: {lock: Lock, has_it: Event, never: Event}
threads:
  victim: {steps: [{with: lock, do: [n = 1, {set: has_it}, {wait: never}]}]}
  next: {steps: [{wait: has_it}, {kill: victim}, {with: lock, do: [pass]}]}
expect: {deadlock: always}
"""


def test_whoever_is_killed_in_a_run_takes_no_further_step_and_keeps_what_it_has(page):
    shown = sheet(page(KILLED, command="run"))
    reel = shown["reels"][0]
    last = reel["frames"][-1]
    assert standing(shown, last) == {"victim": (3, "", []), "next": (2, "lock lock", ["victim"])}
    assert (holds(shown, last), values(shown, last)["n"]) == ({"victim": ["lock"]}, "1")
    assert [thread for thread, _ in steps(shown, reel)].count("next") == 3


def test_what_is_explored_on_processes_is_stepped_through_and_played(page):
    shown = sheet(page(KILLED.replace("expect: {deadlock: always}", "expect: [n == 1]")))
    assert [reel["kind"] for reel in shown["reels"]] == ["fails"]
    assert shown["game"]["whole"]
    of_run = sheet(page(LOST + "runtimes: [multiprocessing]\n"))
    assert [reel["kind"] for reel in of_run["reels"]] == ["fails", "passes"]


def test_of_many_runs_none_is_recorded(page):
    assert "run" not in [reel["kind"] for reel in sheet(page(LOST, "--times", "3", command="run"))["reels"]]


def test_a_long_run_is_shown_up_to_its_first_steps_and_says_so(page, monkeypatch):
    monkeypatch.setattr("scenario.engines.threads.live.recorder.MOST", 10)
    long = "\nvars: {n: 0}\nthreads: {a: {steps: [{repeat: 100, do: [n += 1]}]}}\nexpect: [n == 100]\n"
    (run, *_) = sheet(page(long, command="run"))["reels"]
    assert len(run["steps"]) == 10
    assert "went on after these steps" in run["why"]


def test_recording_a_run_undoes_no_write_of_another_thread():
    """As Python's own tracing would."""
    made = program(
        "vars: {n: 0}\nprimitives: {a: Lock}\nthreads: {t: {count: 4, steps: [{repeat: 200, do: [{with: a, do: [n += 1]}]}]}}\n"
    )
    assert threads.run(made, records=True).shared == {"n": 800}
