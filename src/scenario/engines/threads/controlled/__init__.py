"""One thread moves at a time, on real threads and real primitives: a schedule is replayed, or a scheduler has its way."""

from __future__ import annotations

from scenario.engines.threads.controlled.replaying import Replayed, execute, replay

__all__ = ["Replayed", "execute", "replay"]
