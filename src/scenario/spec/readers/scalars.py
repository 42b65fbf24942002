"""Fields that are plain words: names, texts, choices, exceptions, numbers."""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from collections.abc import Callable

from scenario.diagnostics import Diagnostic, did_you_mean
from scenario.source import START, Span
from scenario.spec import codes
from scenario.spec.durations import in_seconds
from scenario.spec.faults import Fault, fault, unhyphened
from scenario.spec.recovery import anything, forgiven, note, unknown_name
from scenario.spec.yaml.values import Key, Mapping, Scalar, Sequence, Text, Value, plain


def span_of(value: object) -> Span:
    """Where a document's value stands."""
    return getattr(value, "span", START)


def described(value: object) -> str:
    """What a value is, in words: `the number 5`, `a list`."""
    match value:
        case Text():
            return "a text"
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return "nothing" if not value.raw else "null"
        case Scalar(value=bool()):
            return f"the boolean {value.raw}"
        case Scalar():
            return f"the number {value.raw}"
        case _:
            return type(value).__name__


def mistyped(value: object, expected: str, hint: str | None = None) -> Fault:
    """`expected` names what should stand here: `a list of steps`."""
    message = f"expected {expected}, found {described(value)}"
    return fault(Diagnostic(codes.WRONG_TYPE, message, span_of(value), hint))


def list_of_one(value: object) -> str | None:
    """The hint for a text where a list belongs, None for anything else."""
    return f"a list of one is `[{value[:40]}]`" if isinstance(value, Text) and "\n" not in value[:40] else None


def no_list(_: Mapping) -> str | None:
    """Of a mapping that is no list in disguise."""
    return None


def item_of_list(value: Mapping) -> str | None:
    """The hint for a mapping where a list of mappings belongs."""
    return f"write a list: `- {str(next(iter(value)))[:40]}: …`"


def equations(value: dict[Key, Value]) -> str:
    """The hint for `{n: 3}` where expressions belong."""
    return f"write `[{', '.join(f'{key} == {plain(item)!r}' for key, item in value.items())[:60]}]`"


def quote_this(value: object, expected: str) -> Fault:
    """YAML made something else of what was meant as text."""
    raw = value.raw if isinstance(value, Scalar) else None
    hint = f'quote it: "{raw}"' if raw else "quote it, so that YAML reads it as text"
    message = f"expected {expected}, but YAML reads this as {described(value)}"
    return fault(Diagnostic(codes.QUOTE_THIS, message, span_of(value), hint))


def text_field(value: object) -> str:
    """A text; numbers and booleans are taken as they are written."""
    match value:
        case Text():
            return str(value)
        case Scalar(raw=raw) if raw:
            return raw
        case _:
            raise mistyped(value, "a text")


def string_field(value: object) -> str:
    """A text that is not empty."""
    if isinstance(value, Scalar) and value.raw:
        raise quote_this(value, "a text")
    if not isinstance(value, Text):
        raise mistyped(value, "a text")
    if not value.strip():
        raise fault(Diagnostic(codes.WRONG_TYPE, "expected a text, found an empty one", value.span))
    return str(value)


def is_name(text: str) -> bool:
    """Whether a text can be a name in an expression."""
    return text.isidentifier() and not keyword.iskeyword(text) and not text.startswith("__") and text == read_as(text)


def read_as(text: str) -> str:
    """The name that Python reads: letters in other forms are the same ones."""
    if text.isascii():
        return text

    return unicodedata.normalize("NFKC", text)


def _name(value: object, what: str, acceptable: Callable[[str], bool], rule: str) -> str:
    if isinstance(value, Scalar) and value.raw:
        raise quote_this(value, what)
    if not isinstance(value, Text):
        raise mistyped(value, what)
    if not acceptable(value):
        if acceptable(read_as(value)):
            rule = f"Python reads it as `{_short(read_as(value))}`: write that"
        if acceptable(value.replace("-", "_")):
            rule = unhyphened(_short(value))
        if called := re.fullmatch(r"(\w+)\(.*\)", value):
            rule = f"write `{_short(called[1])}`: arguments stand under `args`"
        raise fault(Diagnostic(codes.BAD_NAME, f"`{_short(value)}` can not be a name", value.span, rule))
    return str(value)


def name_field(value: object) -> str:
    """A name that expressions can use."""
    rule = "a name is made of letters, digits and _, does not start with a digit or __, and is no Python keyword"
    return _name(value, "a name", is_name, rule)


def thread_name_field(value: object) -> str:
    """A thread's key: a name that may hold hyphens."""
    rule = "a thread's name is made of letters, digits, _ and -, and does not start with a digit"
    return _name(value, "a thread's name", is_thread_name, rule)


def is_thread_name(text: str) -> bool:
    """Whether a text can be a key of `threads`."""
    return is_name(text) or ("-" in text and not text.startswith(("-", "__")) and text.replace("-", "_").isidentifier())


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[:length] + "…"


def choice_field(*choices: str) -> Callable[[object], str]:
    """One of a few words."""

    def read(value: object) -> str:
        word = value if isinstance(value, Text) else value.raw if isinstance(value, Scalar) else None
        if word in choices:
            return str(word)
        listed = ", ".join(f"`{choice}`" for choice in choices)
        if word is None:
            raise mistyped(value, f"one of {listed}")
        hint = did_you_mean(word, choices)
        raise fault(Diagnostic(codes.NOT_A_CHOICE, f"`{_short(word)}` is none of {listed}", span_of(value), hint))

    return read


def flag_field(value: object) -> bool:
    """True or false."""
    if isinstance(value, Scalar) and isinstance(value.value, bool):
        return value.value
    hint = "write true or false" if isinstance(value, Text) else None
    raise mistyped(value, "true or false", hint)


def seconds_field(value: object) -> float:
    """A positive, finite number of seconds."""
    if not isinstance(value, Scalar) or isinstance(value.value, bool) or value.value is None:
        raise mistyped(value, "a number of seconds", in_seconds(value) if isinstance(value, Text) else None)
    if not 0 < value.value < math.inf:
        raise fault(Diagnostic(codes.BAD_NUMBER, "expected a positive number of seconds", value.span))
    return float(value.value)


LIBRARY_EXCEPTIONS = (
    "Empty", "Full", "ShutDown", "BrokenBarrierError", "CancelledError", "InvalidStateError", "BrokenExecutor",
    "BrokenThreadPool",
)  # fmt: skip


def exception_names() -> set[str]:
    """Every exception that a scenario can name, on any supported Python."""
    known = {n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)}
    return {n for n in known if n[0] != "_" and n != "WindowsError"}.union(LIBRARY_EXCEPTIONS, _NEWER_EXCEPTIONS)


_NEWER_EXCEPTIONS = ("PythonFinalizationError",)  # 3.13


def is_exception(name: str) -> bool:
    """Whether the name is one of this Python's exceptions or of the libraries' that scenarios know."""
    known = getattr(builtins, name, None)
    built_in = isinstance(known, type) and issubclass(known, BaseException) and name[0] != "_"
    return built_in or name in LIBRARY_EXCEPTIONS


OWN_EXCEPTION = r"[^\W\d]\w*(\.[^\W\d]\w*)+"
"""One of the user's own: the dotted name of a module, and what the module calls it."""


def exception_field(value: object) -> str:
    """The name of an exception; of one with a module compile knows whether the file has that module."""
    if isinstance(value, Scalar) and value.raw:
        raise quote_this(value, "an exception's name")
    if not isinstance(value, Text):
        raise mistyped(value, "an exception's name")
    if is_exception(value) or (re.fullmatch(OWN_EXCEPTION, value) and "__" not in value):
        return str(value)
    called = re.fullmatch(r"([\w.]+)\(.*\)", value)
    hint = (
        f"write `{_short(called[1])}`: its text stands under `message`"
        if called
        else did_you_mean(value, exception_names())
    )
    raise fault(Diagnostic(codes.UNKNOWN_EXCEPTION, f"unknown exception `{_short(value)}`", value.span, hint))


def key_field(value: Mapping, key: Key, number: int, read: Callable[[object], str]) -> str:
    """A key of a table; an unknown name, different for each `number`, where it is broken."""
    if isinstance(key, Text):
        return str(forgiven(read, key, unknown_name(number), anything))
    note(fault(key_not_text(value, key)))
    return unknown_name(number)


def key_not_text(value: Mapping, key: Key) -> Diagnostic:
    """YAML read a key as a number, boolean or null."""
    word = _KEY_WORDS[key] if key is None or isinstance(key, bool) else str(key)
    return Diagnostic(codes.KEY_NOT_TEXT, f"the key {word} is no text", value.key_spans[key], f'quote it: "{word}"')


_KEY_WORDS = {True: "true", False: "false", None: "null"}
