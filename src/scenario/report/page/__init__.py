"""One self-contained HTML page on which schedules are stepped through."""
