"""`scenario lsp`: what an editor asks, over standard input and output, answered from what is known of the text."""

from __future__ import annotations

from lsprotocol import types as t
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from scenario import __version__
from scenario.editor.answers import actions, completions, diagnostics, hovered, lens, place, place_of, range_of
from scenario.editor.child import NoAnswer
from scenario.editor.desk import Desk, Sheet
from scenario.editor.renaming import changed, refusal

EXPLORE = "scenario.explore"


class Server(LanguageServer):
    """The server and its desk."""

    def __init__(self) -> None:
        super().__init__("scenario", __version__, text_document_sync_kind=t.TextDocumentSyncKind.Incremental)
        self.desk = Desk(self.show)

    def show(self, sheet: Sheet) -> None:
        """More is known of a text."""
        found = diagnostics(sheet)
        self.text_document_publish_diagnostics(t.PublishDiagnosticsParams(sheet.uri, found, version=sheet.version))
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def take(self, uri: str) -> None:
        """A text was opened or changed."""
        document = self.workspace.get_text_document(uri)
        self.desk.put(uri, document.source, document.version or 0)


def made() -> Server:
    """A server with all that it answers."""
    server = Server()
    _documents(server)
    _questions(server)
    _names(server)
    _exploring(server)
    return server


def serve() -> None:
    """Answers until the editor has enough."""
    made().start_io()


def _documents(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: Server, params: t.DidOpenTextDocumentParams) -> None:
        ls.take(params.text_document.uri)

    @server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
    async def edited(ls: Server, params: t.DidChangeTextDocumentParams) -> None:
        ls.take(params.text_document.uri)

    @server.feature(t.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(ls: Server, params: t.DidCloseTextDocumentParams) -> None:
        ls.desk.drop(params.text_document.uri)
        ls.text_document_publish_diagnostics(t.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(t.SHUTDOWN)
    async def ended(ls: Server, _: None) -> None:
        await ls.desk.close()


def _questions(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_COMPLETION, t.CompletionOptions(trigger_characters=[" ", "{", ".", "["]))
    async def complete(ls: Server, params: t.CompletionParams) -> list[t.CompletionItem]:
        sheet = ls.desk.get(params.text_document.uri)
        return completions(sheet, params.position) if sheet is not None and sheet.is_scenario else []

    @server.feature(t.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: t.HoverParams) -> t.Hover | None:
        sheet = await ls.desk.current(params.text_document.uri)
        return hovered(sheet, params.position) if sheet is not None and sheet.is_scenario else None

    @server.feature(t.TEXT_DOCUMENT_CODE_ACTION, t.CodeActionOptions(code_action_kinds=[t.CodeActionKind.QuickFix]))
    async def act(ls: Server, params: t.CodeActionParams) -> list[t.CodeAction]:
        sheet = await ls.desk.current(params.text_document.uri)
        return actions(sheet, params.range) if sheet is not None else []


def _names(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_DEFINITION)
    async def define(ls: Server, params: t.DefinitionParams) -> t.Location | None:
        sheet = await ls.desk.current(params.text_document.uri)
        named = place(sheet, params.position)
        return None if named is None else t.Location(params.text_document.uri, range_of(named.declared))

    @server.feature(t.TEXT_DOCUMENT_REFERENCES)
    async def refer(ls: Server, params: t.ReferenceParams) -> list[t.Location]:
        sheet = await ls.desk.current(params.text_document.uri)
        named = place(sheet, params.position)
        return [] if named is None else [t.Location(params.text_document.uri, range_of(use)) for use in named.uses]

    @server.feature(t.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(ls: Server, params: t.PrepareRenameParams) -> t.Range | None:
        sheet = await ls.desk.current(params.text_document.uri)
        return place_of(sheet, params.position)

    @server.feature(t.TEXT_DOCUMENT_RENAME, t.RenameOptions(prepare_provider=True))
    async def rename(ls: Server, params: t.RenameParams) -> t.WorkspaceEdit | None:
        sheet = await ls.desk.current(params.text_document.uri)
        named = place(sheet, params.position)
        if sheet is None or named is None:
            return None
        if (why := refusal(named, params.new_name, sheet.facts)) is not None:
            raise JsonRpcInvalidParams(why)
        try:
            after = await ls.desk.facts(changed(sheet.text, named.uses, params.new_name), sheet.uri)
        except NoAnswer:
            raise JsonRpcInvalidParams("what it would become can not be looked at in time") from None
        if sheet.facts.valid and not after.valid:
            raise JsonRpcInvalidParams(
                f"then the file is invalid: {after.mistakes[0].message if after.mistakes else ''}"
            )
        edits = [t.TextEdit(range_of(use), params.new_name) for use in named.uses]
        return t.WorkspaceEdit({params.text_document.uri: edits})


def _exploring(server: Server) -> None:
    @server.feature(t.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(ls: Server, params: t.CodeLensParams) -> list[t.CodeLens]:
        sheet = await ls.desk.current(params.text_document.uri)
        return [] if sheet is None else lens(sheet, EXPLORE)

    @server.command(EXPLORE)
    async def explore(ls: Server, uri: str) -> str | None:
        found = await ls.desk.explore(uri)
        return None if found is None else found.verdict
