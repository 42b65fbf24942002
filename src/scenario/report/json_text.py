"""JSON as text: UTF-8, but for what a terminal would not show as it is."""

from __future__ import annotations

import json

from scenario.legible import UNSEEN


def json_text(value: object, indent: int | None = None) -> str:
    """Everything unseen is escaped: it stands within texts only, and means the same there."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)
