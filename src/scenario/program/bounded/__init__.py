"""The functions that expression source calls instead of operators and built-ins that could exhaust the machine.

Sizes are bounded (integers by bits, sequences by length, nesting by the number of nodes it unfolds to), and so is the
work of comprehensions (a `Fuel` counts their elements), the same in every engine: what goes past a bound raises
`limits.Refused`, which is nothing that a scenario can catch. `sets` gives sets one order.
"""
