"""The functions that expression source calls instead of operators and built-ins that could exhaust the machine.

Sizes are bounded (integers by bits, sequences by length, nesting by the number of nodes it unfolds to);
what goes past a bound raises OverflowError, like any exception of the scenario's own. Work is bounded
only where nothing watches the evaluation: a `Fuel` counts the elements that are handed out.
"""
