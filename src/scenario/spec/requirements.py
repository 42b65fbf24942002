"""What a file asks of its surroundings: a Python version, and callables of the user's own code."""

from __future__ import annotations

import re
from dataclasses import field

from scenario.diagnostics import Diagnostic
from scenario.record import record
from scenario.source import START, Span
from scenario.spec import codes
from scenario.spec.faults import fault
from scenario.spec.readers.scalars import mistyped
from scenario.spec.yaml.values import Text

_COMPARISON = r"\s*(>=|<=|==|!=|>|<)\s*\d{1,4}(\.\d{1,4}){0,2}\s*"
_SPECIFIER = rf"{_COMPARISON}(,{_COMPARISON})*"
_CALLABLE = r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):([^\W\d]\w*(?:\.[^\W\d]\w*)*)"


def specifier_field(value: object) -> str:
    """Comparisons with a version, separated by commas: `>=3.11,<3.14`."""
    hint = 'write a comparison: ">=3.13"'
    if not isinstance(value, Text):
        raise mistyped(value, "a comparison with a version", hint)
    if not re.fullmatch(_SPECIFIER, value):
        raise fault(Diagnostic(codes.BAD_REQUIREMENT, f"`{value[:60]}` compares with no version", value.span, hint))
    return str(value)


@record
class PythonCallable:
    """`module:attribute`, importable only where whoever runs the file has allowed the module."""

    module: str
    attribute: str
    span: Span = field(default=START, compare=False)


def callable_field(value: object) -> PythonCallable:
    """`module:callable`, both dotted names without dunders."""
    hint = "write `module:callable`"
    if not isinstance(value, Text):
        raise mistyped(value, "`module:callable`", hint)
    match = re.fullmatch(_CALLABLE, value)
    if match is None or "__" in value:
        raise fault(Diagnostic(codes.BAD_CALLABLE, f"`{value[:60]}` names no callable", value.span, hint))
    return PythonCallable(match[1], match[2], value.span)
