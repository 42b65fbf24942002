"""What each code of compiling means: plain data for `scenario explain` and the docs, a file a kind of mistake."""

from __future__ import annotations

from scenario.compile.pages.constants import CONSTANTS
from scenario.compile.pages.names import CONTAINERS, NAMES
from scenario.compile.pages.refs import REFS
from scenario.compile.pages.steps import STEPS
from scenario.compile.pages.surroundings import SURROUNDINGS
from scenario.diagnostics import register

PAGES = (*NAMES, *CONTAINERS, *REFS, *STEPS, *CONSTANTS, *SURROUNDINGS)

register(*PAGES)
