"""Who goes next: strategies, and schedules as text."""
