"""The page itself: style, script and content in one file that asks nobody for anything."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files

from scenario.report.page.content import LARGEST, Sheet, content

SCRIPTS = ("data", "elements", "watch", "lanes", "panels", "views", "graph", "main")
"""The parts of the script, one after the other: each uses what stands before it."""

LEAST = 100_000
"""Characters that each graph of many may take."""


def page(sheets: Sequence[Sheet], title: str) -> str:
    """The whole document."""
    script = "\n".join(part(f"script/{name}.js") for name in SCRIPTS)
    largest = max(LARGEST // max(len(sheets), 1), LEAST)
    data = json.dumps([content(one, largest) for one in sheets], ensure_ascii=False, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
    body = f"""{part("body.html")}
<script type="application/json" id="content">{data}</script>
<script>{script}</script>"""
    return document(title, part("style.css"), body, script)


def document(title: str, style: str, body: str, script: str = "") -> str:
    """A page with that body. Only its own style and script may do anything in it: their hashes are in its policy."""
    scripts = f"; script-src '{_hash(script)}'" if script else ""
    policy = f"default-src 'none'; style-src '{_hash(style)}'{scripts}; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def part(name: str) -> str:
    """A file beside this one."""
    return (files("scenario.report.page") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
