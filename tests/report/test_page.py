"""The page on which schedules are stepped through."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256

import pytest
from click.testing import CliRunner
from report.drawn_schedules import ABBA

from scenario.cli.main import cli

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
HOLDS = """
vars: {x: 0, "y": "</script><script>alert(1)</script>"}
threads:
  a: {steps: [x = 1, x = 2]}
expect: {always: [x < 3, x != 1 or x == 1], final: [x == 2]}
"""


@pytest.fixture
def page(tmp_path):
    def made(text):
        file, to = tmp_path / "t.yaml", tmp_path / "t.html"
        file.write_text("scenario: t" + text)
        CliRunner().invoke(cli, ["explore", str(file), "--html", str(to)], catch_exceptions=False)
        return to

    return made


def content(page):
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', page.read_text(), re.DOTALL)
    return json.loads(found[1])


def test_each_step_has_who_holds_what_who_can_move_and_where_each_stands(page):
    (shown,) = content(page(ABBA))
    assert shown["title"] == "deadlock: one waits for lock b, two waits for lock a"
    assert shown["why"].startswith("AB/BA")
    assert [frame["holds"] for frame in shown["frames"]] == [{}, {"one": ["a"]}, {"one": ["a"], "two": ["b"]}]
    assert [state for state, _ in shown["frames"][0]["states"]] == ["can move", "can move"]
    assert {thread: wait["for"] for thread, wait in shown["frames"][2]["waits"].items()} == {
        "one": "lock b",
        "two": "lock a",
    }


def test_of_what_holds_an_execution_is_shown_with_the_values_and_the_truth_of_every_claim(page):
    (shown,) = content(page(HOLDS))
    assert shown["title"] == "one of its executions"
    assert [frame["vars"]["x"] for frame in shown["frames"]] == ["0", "1", "2"]
    assert shown["claims"] == ["x < 3", "x != 1 or x == 1", "x == 2"]
    assert [frame["truths"] for frame in shown["frames"]] == [
        [True, True, False],
        [True, True, False],
        [True, True, True],
    ]


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


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")
def test_a_browser_shows_the_step_that_the_address_names(page, tmp_path):
    address = f"{page(ABBA).as_uri()}#1.2"
    done = subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert ">2 of 2</output>" in done.stdout
    assert re.search(r'<tr[^>]*class="[^"]*\bnow\b[^"]*"[^>]*><td>2</td>', done.stdout)
    assert "waits for lock b" in done.stdout
