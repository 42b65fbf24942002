"""A file's bytes -> its text, or a diagnostic: unreadable, too large, no text."""

from __future__ import annotations

import re
from typing import TextIO

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.regular import content
from scenario.source import START, Source
from scenario.spec import codes
from scenario.spec.yaml.lines import Lines

MAX_BYTES = 1024 * 1024

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


def read(path: str) -> Source:
    """The file at `path`. Raises InvalidScenario."""
    try:
        data = content(path, MAX_BYTES)
    except OSError as error:
        raise _unreadable(error) from None
    except ValueError:  # a NUL in the path
        raise _invalid(codes.UNREADABLE, "the file can not be read: there can be no such path") from None
    return decode(path, data)


def receive(path: str, stream: TextIO | None) -> Source:
    """What comes in by a stream, None if it is closed; `path` is the name that it is given. Raises InvalidScenario."""
    if stream is None:
        raise _invalid(codes.UNREADABLE, "the file can not be read: standard input is closed")
    try:
        data = stream.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(error) from None
    return decode(path, data)


def _unreadable(error: OSError) -> InvalidScenario:
    return _invalid(codes.UNREADABLE, f"the file can not be read: {error.strerror or type(error).__name__}")


def decode(path: str, data: bytes) -> Source:
    """The text of a file's bytes; a UTF-8 byte order mark at its start is dropped. Raises InvalidScenario."""
    if len(data) > MAX_BYTES:
        raise _invalid(codes.TOO_LARGE, "the file is larger than 1 MiB", "a scenario is a small file")
    if data.startswith(_UTF16):
        raise _invalid(codes.NOT_TEXT, "the file is UTF-16, not UTF-8", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = Lines(data[: error.start].decode("utf-8-sig"))
        span = before.between(len(before.text), len(before.text))
        raise InvalidScenario((Diagnostic(codes.NOT_TEXT, "the file is not UTF-8 text", span),)) from None
    source = Source(path, text)
    check_text(source)
    return source


def check_text(source: Source) -> None:
    """Raises InvalidScenario for a text that is too large or holds control characters."""
    if len(source.text) > MAX_BYTES:
        raise _invalid(codes.TOO_LARGE, "the file is larger than 1 MiB", "a scenario is a small file")
    if found := _NOT_TEXT.search(source.text):
        span = Lines(source.text).between(found.start(), found.end())
        message = f"the file holds a control character (U+{ord(found[0]):04X}): is it a text file?"
        raise InvalidScenario((Diagnostic(codes.NOT_TEXT, message, span),))


def _invalid(code: str, message: str, hint: str | None = None) -> InvalidScenario:
    return InvalidScenario((Diagnostic(code, message, START, hint),))
