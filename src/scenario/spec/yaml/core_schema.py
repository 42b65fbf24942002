"""YAML 1.2's core schema: what a plain scalar is. Beyond core, digits may be grouped: 1_000."""

from __future__ import annotations

import math
import re
from types import EllipsisType

MAX_DIGITS = 3_000
"""Of a number: about the 10,000 bits that integers are bounded to everywhere in a scenario."""

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((f"{sign}.{inf}" for sign in ("", "+") for inf in ("inf", "Inf", "INF")), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_DIGITS = r"[0-9](?:_?[0-9])*"
_INT = re.compile(rf"[-+]?{_DIGITS}")
_OCTAL = r"0o[0-7]+"
_HEX = r"0x[0-9a-fA-F]+"
_FLOAT = rf"[-+]?(?:\.{_DIGITS}|{_DIGITS}(?:\.(?:{_DIGITS})?)?)(?:[eE][-+]?{_DIGITS})?"
_NUMBER_STARTS = frozenset("-+.0123456789")


def resolve(text: str) -> str | int | float | bool | EllipsisType | None:
    """The value of a plain scalar; `...` for a number with too many digits."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if len(text) > MAX_DIGITS:
        return ... if any(re.fullmatch(form, text) for form in (_FLOAT, _HEX, _OCTAL)) else text
    if _INT.fullmatch(text):
        return int(text)
    if re.fullmatch(_OCTAL, text) or re.fullmatch(_HEX, text):
        return int(text, 0)
    return float(text) if re.fullmatch(_FLOAT, text) else text
