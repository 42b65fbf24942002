"""What each code of loading means: plain data for `scenario explain` and the docs, a file a kind of mistake."""

from __future__ import annotations

from scenario.diagnostics import register
from scenario.spec.rules.expressions import EXPRESSION_RULES
from scenario.spec.rules.files import FILE_RULES
from scenario.spec.rules.shapes import SHAPE_RULES

register(*FILE_RULES, *SHAPE_RULES, *EXPRESSION_RULES)
