"""The schema in the real yaml-language-server: what it completes, shows and finds wrong, without any of our own code."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest
from editor.client import speaking
from lsprotocol import types as t

ROOT = Path(__file__).parents[2]
VERSION = "1.25.0"
URI = "file:///nowhere/bank.scenario.yaml"
TEXT = """\
# yaml-language-server: $schema=SCHEMA
scenario: bank
vars: {balance: 0}
primitives:
  lock: Lock
threads:
  worker:
    count: 2
    steps:
      - acquire: lock
        timeout: 1
      - release: lock
expect:
  - balance == 0
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The command of the server, of one version, which npm has put beside the virtual environment once."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm is not installed")
    where = ROOT / ".venv" / f"yaml-language-server-{VERSION}"
    if not where.exists():
        made = tmp_path_factory.mktemp("npm")
        command = [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            f"yaml-language-server@{VERSION}",
        ]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=180, check=False)
        if done.returncode:
            pytest.skip(f"npm can not install it: {done.stderr.strip()[-200:]}")
        try:
            made.rename(where)
        except OSError:  # another process was faster, or it is another file system
            if not where.exists():
                where = made
    return [shutil.which("node"), str(where / "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]


def speaks(server, text, ask):
    """What `ask` does with a client that has opened the text."""

    async def go():
        async with speaking(*server) as client:
            client.open(URI, text.replace("SCHEMA", (ROOT / "schema/scenario.schema.json").as_uri()))
            return await ask(client)

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (("  - balance == 0\n", ""), {"main", "explore", "routines", "timeout"}),
        (("        timeout: 1\n        ", ""), {"into", "blocking", "raises"}),
        (("    count: 2\n    ", ""), {"daemon", "name"}),
    ],
)
def test_it_completes_keys_and_modifiers(server, where, expected):
    text = TEXT.replace(where[0].rstrip(" "), where[0].rstrip(" ") + where[0].rpartition("\n")[2] + "\n")

    async def ask(client):
        await client.diagnostics(URI)
        line = text[: text.index(where[0]) + len(where[0])].count("\n")
        found = await client.text_document_completion_async(
            t.CompletionParams(t.TextDocumentIdentifier(URI), t.Position(line, len(where[0].rpartition("\n")[2])))
        )
        return {item.label for item in found.items}

    assert expected <= speaks(server, text, ask)


@pytest.mark.parametrize(
    ("before", "after", "line", "expected"),
    [
        (
            "      - release: lock\n",
            "      - release: lock\n      - \n",
            12,
            {"acquire", "print", "wait_for", "choose"},
        ),
        ("  lock: Lock", "  lock: ", 4, {"Lock", "RLock", "Event"}),
    ],
)
def test_it_completes_verbs_and_kinds(server, before, after, line, expected):
    async def ask(client):
        await client.diagnostics(URI)
        found = await client.text_document_completion_async(
            t.CompletionParams(t.TextDocumentIdentifier(URI), t.Position(line, 8))
        )
        return {item.label for item in found.items}

    assert expected <= speaks(server, TEXT.replace(before, after), ask)


def test_it_shows_what_a_verb_is(server):
    async def ask(client):
        await client.diagnostics(URI)
        return await client.text_document_hover_async(t.HoverParams(*client.at(URI, "- acq", "uire")))

    assert "Acquire a lock, semaphore or condition." in speaks(server, TEXT, ask).contents.value


def test_it_finds_nothing_wrong_with_what_is_right(server):
    async def ask(client):
        return await client.diagnostics(URI)

    assert list(speaks(server, TEXT, ask)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [("scenario: bank", "scenario: [bank]", 1), ("- acquire: lock", "- acquier: lock", 9), ("lock: Lock", "lock: Lok", 4), ("count: 2", "cuont: 2", 7)],
)  # fmt: skip
def test_it_finds_what_is_wrong(server, right, wrong, line):
    async def ask(client):
        return await client.diagnostics(URI, lambda found: found)

    found = speaks(server, TEXT.replace(right, wrong), ask)
    assert line in {one.range.start.line for one in found}
