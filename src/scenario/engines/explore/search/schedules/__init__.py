"""Schedules that show what was found: the shortest, where threads are stuck, round a livelock, beside the nearest that is fine."""
