"""The server's side of a child process: one question at a time, each with its time, and a new child after one that failed."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

LIMIT = 1 << 26
"""Bytes of the longest answer."""


_OURS = Path(__file__).parents[2]
"""Where this package is found."""


class NoAnswer(Exception):
    """The child took too long, or died of the question."""


class Child:
    """Looks at texts elsewhere. `ask` may be called again and again, and waits for its turn."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def ask(self, line: bytes, seconds: float) -> bytes:
        """The answer to a line. Raises NoAnswer."""
        async with self._turn:
            try:
                return await asyncio.wait_for(self._answer(line), seconds)
            except (TimeoutError, OSError, ValueError):
                await self._end()
                raise NoAnswer from None
            except asyncio.CancelledError:
                await self._end()  # whoever asked wants no answer any more; the next one must not get it
                raise

    async def _answer(self, line: bytes) -> bytes:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await _started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        await process.stdin.drain()
        answer = await process.stdout.readline()
        if not answer.endswith(b"\n"):
            raise ValueError("it has died")
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """Nothing more is asked."""
        await self._end()


async def _started() -> Process:
    """`-P`, and away from the workspace: no module that lies there is imported in place of one of ours."""
    command = [sys.executable, "-P", "-m", "scenario", "lsp", "--worker"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCENARIO_", "PYTHON"))}
    environment = {**kept, "PYTHONPATH": str(_OURS)}
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, limit=LIMIT, env=environment, cwd=tempfile.gettempdir()
    )
