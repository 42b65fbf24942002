"""The language server as an editor speaks to it: a process of its own, over standard input and output."""

from __future__ import annotations

import asyncio
import sys
import time
from functools import wraps
from inspect import Parameter, Signature, signature

import pytest
from editor.client import speaking
from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.xdist_group("server")
URI = "file:///nowhere/bank.scenario.yaml"
BANK = """\
scenario: bank 😀
params: {n: 2}
vars: {balance: 0}
primitives:
  lock: Lock
  jobs: Queue
  pool: {ThreadPoolExecutor: 2}
routines:
  pay:
    params: [amount]
    steps:
      - {with: lock, do: [balance = balance + amount]}
threads:
  worker:
    count: n
    steps:
      - {print: "😀 {balance} by {name}"}
      - seen = balance
      - {call: pay, args: {amount: seen}}
      - acquire: lock
        timeout: 1
      - release: lock
expect:
  final:
    - balance >= 0
    - worker[0].seen == 0
"""
RACE = """\
scenario: race
vars: {x: 0}
threads:
  A: {count: 2, steps: [x = x + 1]}
expect: [x == 2]
"""


@pytest.fixture(scope="module")
def server():
    """One server for all of them, as an editor has one for all texts: what to run with, and a client of it."""
    speaks = speaking(sys.executable, "-m", "scenario", "lsp")
    with asyncio.Runner() as runner:
        yield runner, runner.run(speaks.__aenter__())
        runner.run(speaks.__aexit__(None, None, None))


def served(test):
    """The test with a client of a server."""

    @wraps(test)
    def run(server, *args, **kwargs):
        runner, client = server

        async def go():
            try:
                await test(client, *args, **kwargs)
            finally:
                await client.close()

        runner.run(go())

    given = list(signature(test).parameters.values())[1:]
    run.__signature__ = Signature([Parameter("server", Parameter.POSITIONAL_OR_KEYWORD), *given])
    return run


def edited(text, edits):
    """The text after the edits of one document."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
        units = lines[edit.range.start.line].encode("utf-16-le")
        lines[edit.range.start.line] = (
            units[: 2 * edit.range.start.character]
            + edit.new_text.encode("utf-16-le")
            + units[2 * edit.range.end.character :]
        ).decode("utf-16-le")
    return "\n".join(lines)


def errors(found):
    return [one for one in found if one.severity == t.DiagnosticSeverity.Error]


async def labels(client, *where):
    found = await client.text_document_completion_async(t.CompletionParams(*client.at(URI, *where)))
    return [item.label for item in found]


@served
async def test_mistakes_are_told_while_typing_and_go_when_they_are_mended(client):
    client.open(URI, BANK.replace("- acquire: lock", "- acquier: lock"))
    (found,) = errors(await client.diagnostics(URI))
    assert (found.code, found.severity, found.source) == ("SC103", t.DiagnosticSeverity.Error, "scenario")
    assert (found.range.start, found.range.end) == (t.Position(19, 8), t.Position(19, 15))
    client.change(URI, BANK)
    assert errors(await client.diagnostics(URI)) == []


@served
async def test_a_quick_fix_is_what_was_meant_and_nothing_else(client):
    broken = BANK.replace("- acquire: lock", "- acquier: lock").replace("seen = balance", "seen = balence")
    client.open(URI, broken.replace('"😀 {balance}', '"😀 {balnce}'))
    found = await client.diagnostics(URI)
    whole = t.Range(t.Position(0, 0), t.Position(99, 0))
    fixes = await client.text_document_code_action_async(
        t.CodeActionParams(t.TextDocumentIdentifier(URI), whole, t.CodeActionContext(found))
    )
    assert [fix.title for fix in fixes] == ["Write `balance`", "Write `balance`", "Write `acquire`"]
    edits = [edit for fix in fixes for edit in fix.edit.changes[URI]]
    assert edited(client._text[URI][0], edits) == BANK


@served
async def test_a_warning_of_the_static_rules_is_a_warning(client):
    client.open(URI, BANK.replace("      - release: lock\n", ""))
    assert {one.severity for one in await client.diagnostics(URI)} == {t.DiagnosticSeverity.Warning}


@served
async def test_completion_knows_the_files_own_names_and_what_goes_with_a_verb(client):
    client.open(URI, BANK)
    await client.diagnostics(URI)
    client.change(URI, BANK + "main:\n  - \n  - get: \n  - submit: pay\n    to: \n  - {acquire: \n")
    await client.diagnostics(URI)
    verbs = await labels(client, "main:\n  - ")
    assert {"acquire", "print", "choose", "balance"} <= set(verbs)
    assert "seen" not in verbs
    assert await labels(client, "- get: ") == ["jobs"]
    assert await labels(client, "    to: ") == ["pool"]
    assert await labels(client, "- {acquire: ") == ["lock"]
    assert {"balance", "n", "seen", "len"} <= set(await labels(client, "- seen = "))
    assert {"timeout", "into", "blocking"} <= set(await labels(client, "acquire: lock\n        "))
    assert "seen" not in await labels(client, "do: [balance = ")
    assert "amount" in await labels(client, "do: [balance = ")
    assert {"Lock", "Barrier"} <= set(await labels(client, "  lock: "))


@served
async def test_hover_tells_what_a_name_and_a_word_is(client):
    client.open(URI, BANK)
    await client.diagnostics(URI)

    async def hover(*where):
        found = await client.text_document_hover_async(t.HoverParams(*client.at(URI, *where)))
        return found.contents.value

    assert "all threads share; at first `0`" in await hover('"😀 {bal', "ance} by")
    assert "threading.Lock" in await hover("acquire: l")
    assert "a parameter of `pay`" in await hover("args: {am")
    assert "`n` of them" in await hover("  work", "er:\n")
    assert "Acquire a lock" in await hover("- acq", "uire")
    assert "How long" in await hover("tim", "eout: 1") or "econds" in await hover("tim", "eout: 1")


@served
async def test_definition_and_references_lead_from_any_place(client):
    client.open(URI, BANK)
    await client.diagnostics(URI)
    found = await client.text_document_definition_async(t.DefinitionParams(*client.at(URI, '"😀 {bal', "ance}")))
    assert found.range == t.Range(t.Position(2, 7), t.Position(2, 14))
    uses = await client.text_document_references_async(
        t.ReferenceParams(t.ReferenceContext(True), *client.at(URI, "worker[0].se", "en"))
    )
    assert [use.range.start.line for use in uses] == [17, 18, 25]


@served
async def test_rename_changes_every_place_and_nothing_else(client):
    client.open(URI, BANK)
    await client.diagnostics(URI)

    async def renamed(new, *where):
        edit = await client.text_document_rename_async(t.RenameParams(*client.at(URI, *where), new_name=new))
        return edited(BANK, edit.changes[URI])

    assert await renamed("total", "vars: {bal") == BANK.replace("balance", "total")
    assert await renamed("sum_", "params: [am") == BANK.replace("amount", "sum_")
    for new in ("lock", "len", "class", "two words", "1st"):
        with pytest.raises(JsonRpcException):
            await renamed(new, "vars: {bal")


@served
async def test_a_rename_that_would_break_the_file_is_refused(client):
    client.open(URI, BANK)
    await client.diagnostics(URI)
    with pytest.raises(JsonRpcException, match="invalid"):  # an expression can name no thread with a hyphen
        await client.text_document_rename_async(t.RenameParams(*client.at(URI, "  work", "er:\n"), new_name="a-b"))


@served
async def test_the_lens_explores_and_gives_the_verdict(client):
    client.open(URI, RACE)
    await client.diagnostics(URI)

    async def lens():
        return await client.text_document_code_lens_async(t.CodeLensParams(t.TextDocumentIdentifier(URI)))

    (offered,) = await lens()
    assert offered.command.title == "explore"
    said = await client.workspace_execute_command_async(
        t.ExecuteCommandParams(offered.command.command, offered.command.arguments)
    )
    assert said.startswith("fails: final (")
    (known,) = await lens()
    assert known.command.title == said
    failure = (await client.diagnostics(URI, lambda found: len(found) > 1))[-1]
    assert (failure.source, failure.code, failure.range.start.line) == ("scenario explore", "final", 4)
    assert client.refreshed > 1
    client.change(URI, RACE.replace("x = x + 1", "{atomic: x += 1}"))
    assert list(await client.diagnostics(URI)) == []
    (offered,) = await lens()
    assert offered.command.title == "explore"
    assert (await client.workspace_execute_command_async(t.ExecuteCommandParams("scenario.explore", [URI]))).startswith(
        "holds ("
    )


@served
async def test_other_yaml_is_left_alone(client):
    uri = "file:///nowhere/compose.yaml"
    client.open(uri, "services: {web: {image: x}}\n")
    assert list(await client.diagnostics(uri)) == []


HOSTILE = {
    "deep": "scenario: x\nvars: {a: " + "[" * 50_000 + "\n",
    "long": "scenario: x\nthreads:\n  A:\n    steps:\n" + "      - x = 1\n" * 60_000,
    "wide": "scenario: x\nvars: {x: {expr: '" + "+".join(["1"] * 100_000) + "'}}\n",
    "huge": "scenario: x\nparams: {n: {expr: '10 ** 10 ** 10'}, m: {expr: 'sum(range(10 ** 12))'}}\nthreads: {A: {count: n, steps: [pass]}}\n",
    "many": "scenario: x\nthreads: {A: {count: 100000000, steps: [pass]}}\n",
    "lone": "scenario: \udc80\n",
    "tags": "scenario: !!python/object/apply:os.system [exit]\n",
    "controls": "scenario: x\x00\x1b[2J\n",
}


@pytest.mark.parametrize("named", HOSTILE)
@served
async def test_no_text_keeps_it_from_answering(client, named):
    began = time.monotonic()
    client.open(URI, HOSTILE[named].encode("utf-8", "replace").decode())
    await client.diagnostics(URI)
    client.change(URI, RACE)
    assert [one.code for one in await client.diagnostics(URI)] == ["SC408"]
    assert time.monotonic() - began < 25


def test_nothing_of_the_workspace_is_imported_or_run(tmp_path):
    """Modules that lie there, with names of ours, of the library's and of the file's own `python:`."""
    for name in ("bank", "yaml", "scenario", "pygls", "sitecustomize", "json", "asyncio"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n")
    (tmp_path / "pyproject.toml").write_text("[tool.scenario]\nallow-python = ['bank']\n")
    uri = (tmp_path / "own.scenario.yaml").as_uri()
    text = "scenario: own\npython: {pay: bank:pay}\nthreads: {A: {steps: [{call: pay}]}}\n"

    async def go():
        async with speaking(sys.executable, "-P", "-m", "scenario", "lsp", cwd=tmp_path) as client:
            client.open(uri, text)
            assert list(await client.diagnostics(uri)) == []
            said = await client.workspace_execute_command_async(t.ExecuteCommandParams("scenario.explore", [uri]))
            assert said.startswith("not explored")

    asyncio.run(go())
    assert not (tmp_path / "ran").exists()
