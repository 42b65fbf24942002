"""Replays a schedule on real threads and real primitives: one thread moves at a time, in the schedule's order."""

from __future__ import annotations

from scenario.engines.threads.controlled.conductor import Replayed, replay

__all__ = ["Replayed", "replay"]
