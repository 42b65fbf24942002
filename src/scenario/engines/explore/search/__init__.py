"""Which states are visited, and what the whole graph says: reductions, odds, ends, shortest schedules."""
