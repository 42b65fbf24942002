"""What each code of loading means: plain data for `scenario explain` and the docs, a file a kind of mistake."""

from __future__ import annotations

from scenario.diagnostics import register
from scenario.spec.pages.expressions import EXPRESSION_PAGES
from scenario.spec.pages.files import FILE_PAGES
from scenario.spec.pages.shapes import SHAPE_PAGES

register(*FILE_PAGES, *SHAPE_PAGES, *EXPRESSION_PAGES)
