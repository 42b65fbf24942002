"""What each code of compiling means: plain data for `scenario explain` and the docs, a file a kind of mistake."""

from __future__ import annotations

from scenario.compile.rules.constants import CONSTANTS
from scenario.compile.rules.names import CONTAINERS, NAMES
from scenario.compile.rules.refs import REFS
from scenario.compile.rules.steps import STEPS
from scenario.compile.rules.surroundings import SURROUNDINGS
from scenario.diagnostics import register

RULES = (*NAMES, *CONTAINERS, *REFS, *STEPS, *CONSTANTS, *SURROUNDINGS)

register(*RULES)
