"""A client of a language server over stdio, for a test that runs in one event loop."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from lsprotocol import types as t
from pygls.lsp.client import LanguageClient

PATIENCE = 30


class Client(LanguageClient):
    """Keeps what it is told: the last diagnostics of each text, with their version."""

    def __init__(self):
        super().__init__("test", "1")
        self.told = {}
        self.refreshed = 0
        self._news = asyncio.Event()
        self._text = {}
        self._version = 0
        """Of whatever was opened or changed last: what is told late of a text that was closed is of none of the next."""

        @self.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params):
            self.told[params.uri] = params
            self._news.set()

        @self.feature(t.WORKSPACE_CODE_LENS_REFRESH)
        def refresh(*_):
            self.refreshed += 1

        @self.feature(t.WINDOW_LOG_MESSAGE)
        def logged(_):
            pass

        @self.feature(t.WORKSPACE_CONFIGURATION)
        def configured(params):
            return [None for _ in params.items]

        @self.feature(t.CLIENT_REGISTER_CAPABILITY)
        def registered(_):
            return None

    def open(self, uri, text):
        self._version += 1
        self._text[uri] = (text, self._version)
        self.text_document_did_open(t.DidOpenTextDocumentParams(t.TextDocumentItem(uri, "yaml", self._version, text)))

    async def close(self):
        """Every text, until the server has taken back what it told of it."""
        for uri in list(self._text):
            self.told.pop(uri, None)
            self.text_document_did_close(t.DidCloseTextDocumentParams(t.TextDocumentIdentifier(uri)))
            await self.diagnostics(uri, lambda told: not told)
            del self._text[uri], self.told[uri]
        self.refreshed = 0

    def change(self, uri, text):
        """The whole text anew."""
        self._version += 1
        self._text[uri] = (text, self._version)
        self.text_document_did_change(
            t.DidChangeTextDocumentParams(
                t.VersionedTextDocumentIdentifier(self._version, uri), [t.TextDocumentContentChangeWholeDocument(text)]
            )
        )

    async def diagnostics(self, uri, wanted=lambda _: True):
        """Those of the text as it stands, once they are as wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                told = self.told.get(uri)
                if told is not None and told.version in (None, self._text[uri][1]) and wanted(told.diagnostics):
                    return told.diagnostics
                await self._news.wait()

    def at(self, uri, before, after=""):
        """Where the cursor stands behind `before` (and before `after`), which stand in the text once."""
        text = self._text[uri][0]
        assert text.count(before + after) == 1, (before, after)
        start = text[: text.index(before + after) + len(before)]
        line = start.rpartition("\n")[2]
        return t.TextDocumentIdentifier(uri), t.Position(start.count("\n"), len(line.encode("utf-16-le")) // 2)


@asynccontextmanager
async def speaking(*command, options=None, cwd=None):
    """A client of the server that the command starts."""
    client = Client()
    await client.start_io(*command, **({"cwd": cwd} if cwd else {}))
    capabilities = t.ClientCapabilities(
        workspace=t.WorkspaceClientCapabilities(
            code_lens=t.CodeLensWorkspaceClientCapabilities(refresh_support=True), configuration=True
        ),
        text_document=t.TextDocumentClientCapabilities(
            completion=t.CompletionClientCapabilities(),
            hover=t.HoverClientCapabilities(content_format=[t.MarkupKind.Markdown]),
        ),
    )
    params = t.InitializeParams(capabilities, process_id=None, root_uri=None, initialization_options=options)
    try:
        async with asyncio.timeout(PATIENCE):
            await client.initialize_async(params)
        client.initialized(t.InitializedParams())
        yield client
        async with asyncio.timeout(PATIENCE):
            await client.shutdown_async(None)
        client.exit(None)
        async with asyncio.timeout(PATIENCE):
            await client._server.wait()
    finally:
        if client._server.returncode is None:
            client._server.kill()
        await client.stop()
