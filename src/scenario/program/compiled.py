"""Python source that was made of a file -> code, without Python's warnings: they would speak of lines nobody wrote."""

from __future__ import annotations

import warnings
from types import CodeType


def compiled(source: str, filename: str, mode: str) -> CodeType:
    """What `compile` gives; `1 is x` is a scenario's own business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code: CodeType = compile(source, filename, mode, dont_inherit=True)
    return code
