"""Keys as a terminal gives them, one after the other: what each is for, and how they are read on POSIX and on Windows."""

from __future__ import annotations

import os
import re
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from types import ModuleType
from typing import TypeAlias

ENDS = ("q", "\x1b", "\x04", "\x1a")
"""Those that end it: Ctrl-D, and Ctrl-Z on Windows."""

RESIZED = "\0"
"""Comes as if it were a key, so that whoever waits for one draws anew."""

_SPECIAL = {
    "next": ("\x1b[C", "\x1bOC", "\xe0M", "\x00M"), "back": ("\x1b[D", "\x1bOD", "\xe0K", "\x00K"),
    "first": ("\x1b[H", "\x1bOH", "\x1b[1~", "\xe0G", "\x00G"), "last": ("\x1b[F", "\x1bOF", "\x1b[4~", "\xe0O", "\x00O"),
}  # fmt: skip
"""What POSIX terminals, and then the console of Windows, send for keys that are no letters."""
_LETTERS = {
    " ": "next", "n": "next", "l": "next", "b": "back", "h": "back", "g": "first", "G": "last", "p": "play", "?": "hints",
}  # fmt: skip
_NAMES = {**{code: name for name, codes in _SPECIAL.items() for code in codes}, **_LETTERS}

Keys: TypeAlias = AbstractContextManager[Iterator[str]]


def meaning(key: str) -> str:
    """What a key is for; a key that is for nothing is itself."""
    return _NAMES.get(key, key)


def keys(descriptor: int) -> Keys:
    """What is pressed in the terminal with that file descriptor, as this system has it."""
    try:
        import termios
        import tty
    except ImportError:
        return of_windows(import_module("msvcrt").getwch)
    return of_posix(descriptor, termios, tty)


@contextmanager
def of_posix(descriptor: int, termios: ModuleType, tty: ModuleType) -> Iterator[Iterator[str]]:
    """Also what is pressed while a screen is being written: the terminal is set once, and not for each key."""
    before = termios.tcgetattr(descriptor)
    with _resizing() as resized:
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)  # what was typed before stays
            yield _split(lambda: _read(descriptor, resized))
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextmanager
def _resizing() -> Iterator[int]:
    """A file descriptor from which there is something to be read when the terminal has another size."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    waking = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    handler = signal.signal(signal.SIGWINCH, lambda *_: None)
    try:
        yield reading
    finally:
        signal.signal(signal.SIGWINCH, handler)
        signal.set_wakeup_fd(waking)
        os.close(reading)
        os.close(writing)


def _read(descriptor: int, resized: int) -> str:
    if resized in select.select([descriptor, resized], [], [])[0]:
        os.read(resized, 1 << 10)
        return RESIZED
    return os.read(descriptor, 1 << 10).decode(errors="replace")


def _split(read: Callable[[], str]) -> Iterator[str]:
    """A key that is no letter comes as several characters at once."""
    while pressed := read():
        yield from re.findall(r"\x1b[\[O][\d;]*.|.", pressed, re.DOTALL)


@contextmanager
def of_windows(getwch: Callable[[], str]) -> Iterator[Iterator[str]]:
    """The console gives a character at a time, and of a key that is no letter two. Ctrl-C comes as a character too."""
    yield _composed(getwch)


def _composed(getwch: Callable[[], str]) -> Iterator[str]:
    while True:
        key = getwch()
        if key == "\x03":
            raise KeyboardInterrupt
        yield key + getwch() if key in ("\x00", "\xe0") else key
