"""Registers the rules' pages for `scenario explain`."""

from __future__ import annotations

from scenario.diagnostics import register
from scenario.rules.check import RULES

register(*RULES)
