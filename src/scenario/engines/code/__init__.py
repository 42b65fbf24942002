"""The user's own code, explored: rewritten, executed again and again under every schedule that can make a difference."""

from scenario.engines.code.execution import SetupFailed, Test, named
from scenario.engines.code.exploring import Request, explore_own_code
from scenario.engines.code.files import FileRequest, explore_file
from scenario.engines.code.modules import is_pythons, with_inner
from scenario.engines.code.privates import text_of_call
from scenario.engines.code.rewriting.installed import NoSource
from scenario.engines.code.search.schedules import BadSchedule
from scenario.engines.code.searching import Strategy

__all__ = [
    "BadSchedule", "FileRequest", "NoSource", "Request", "SetupFailed", "Strategy", "Test", "explore_file", "explore_own_code",
    "is_pythons", "named", "text_of_call", "with_inner",
]  # fmt: skip
