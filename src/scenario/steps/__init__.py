"""Bodies as instructions: Python's order of evaluation, targets and augmented assignment, said once.

`code` has the instructions, `values` what they evaluate; `lower` makes them of a program's blocks.
"""
