"""The texts that are open, and what is known of each: asked anew, a moment after it has changed, one question at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import field

from scenario.editor.child import Child, NoAnswer
from scenario.editor.wire import Answer, Explored, Facts, Mistake, answer_of, asked
from scenario.record import mutable

PAUSE = 0.15
"""Seconds without a key after which a text is looked at."""

PATIENCE = 10.0
"""Seconds that looking at one text may take."""

EXPLORING = 25.0
"""Seconds that exploring one may take, its own budget and the start of a process in it."""

_SCENARIO = re.compile(r"^[\"']?scenario[\"']?[ \t]*:", re.MULTILINE)


@mutable
class Sheet:
    """One open text. `seen`: the version that `facts` are about; `explored` is about the version `tried`."""

    uri: str
    text: str
    version: int
    facts: Facts = field(default_factory=Facts)
    seen: int = -1
    explored: Explored | None = None
    tried: int = -1
    looking: asyncio.Task[None] | None = None

    @property
    def is_scenario(self) -> bool:
        """Whether it means to be one: of other YAML nothing is said."""
        return self.uri.endswith((".scenario.yaml", ".scenario.yml")) or _SCENARIO.search(self.text) is not None

    @property
    def lines(self) -> list[str]:
        return re.split(r"\r\n|\n|\r", self.text)

    def becomes(self, text: str, version: int) -> None:
        """It was changed."""
        self.text, self.version = text, version

    def learns(self, facts: Facts, version: int) -> None:
        self.facts, self.seen = facts, version

    def tries(self, found: Explored, version: int) -> None:
        self.explored, self.tried = found, version

    def looks(self, task: asyncio.Task[None] | None) -> None:
        self.looking = task


class Desk:
    """All sheets by their URIs. `changed` is called whenever more is known of one."""

    def __init__(self, changed: Callable[[Sheet], None]) -> None:
        self._changed = changed
        self._sheets: dict[str, Sheet] = {}
        self._reader, self._explorer = Child(), Child()

    def put(self, uri: str, text: str, version: int) -> None:
        """A text was opened or changed."""
        sheet = self._sheets.setdefault(uri, Sheet(uri, text, version))
        sheet.becomes(text, version)
        if sheet.looking is None or sheet.looking.done():
            sheet.looks(asyncio.create_task(self._look(sheet)))

    def drop(self, uri: str) -> None:
        """It was closed."""
        sheet = self._sheets.pop(uri, None)
        if sheet is not None and sheet.looking is not None:
            sheet.looking.cancel()

    def get(self, uri: str) -> Sheet | None:
        """With what is known, which may be about an earlier version."""
        return self._sheets.get(uri)

    async def current(self, uri: str) -> Sheet | None:
        """With what is known of it as it stands now."""
        sheet = self._sheets.get(uri)
        while (
            sheet is not None and sheet.seen != sheet.version and sheet.looking is not None and not sheet.looking.done()
        ):
            await asyncio.wait([sheet.looking])
        return sheet

    async def facts(self, text: str, uri: str) -> Facts:
        """Of a text that is not open: what it would be. Raises NoAnswer."""
        told = answer_of(await self._reader.ask(asked("facts", text, uri), PATIENCE))
        assert isinstance(told, Facts)
        return told

    async def explore(self, uri: str) -> Explored | None:
        """The verdict on a text as it stands."""
        sheet = self._sheets.get(uri)
        if sheet is None:
            return None
        text, version = sheet.text, sheet.version
        sheet.tries(Explored((), "exploring …"), version)
        self._changed(sheet)
        try:
            found: Answer = answer_of(await self._explorer.ask(asked("explore", text, uri), EXPLORING))
        except NoAnswer:
            found = Explored((), "not explored: it takes too long here; `scenario explore` has other budgets")
        assert isinstance(found, Explored)
        if sheet.version == version:
            sheet.tries(found, version)
            self._changed(sheet)
        return found

    async def close(self) -> None:
        for uri in list(self._sheets):
            self.drop(uri)
        await self._reader.close()
        await self._explorer.close()

    async def _look(self, sheet: Sheet) -> None:
        """Until what is known is about the text as it stands."""
        while sheet.seen != sheet.version:
            await asyncio.sleep(PAUSE)
            text, version = sheet.text, sheet.version
            if not sheet.is_scenario:
                sheet.learns(Facts(), version)
                self._changed(sheet)
                continue
            try:
                known = await self.facts(text, sheet.uri)
            except NoAnswer:
                known = sheet.facts._replace(mistakes=(_TOO_LONG,), valid=False)
            if not known.names and known.line < 0:  # no YAML at all, for the moment: the names are what they were
                known = known._replace(names=sheet.facts.names)
            sheet.learns(known, version)
            self._changed(sheet)


_TOO_LONG = Mistake((0, 0, 0, 1), "SC000", "looking at this text takes too long; nothing more is said of it", "warning")
