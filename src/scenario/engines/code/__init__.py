"""The user's own code, explored: rewritten, executed again and again under every schedule that can make a difference."""

from scenario.engines.code.execution import SetupFailed, Test, named
from scenario.engines.code.exploring import Request, explore_own_code
from scenario.engines.code.rewriting.installed import NoSource
from scenario.engines.code.search.schedules import BadSchedule
from scenario.engines.code.searching import Strategy

__all__ = ["BadSchedule", "NoSource", "Request", "SetupFailed", "Strategy", "Test", "explore_own_code", "named"]
