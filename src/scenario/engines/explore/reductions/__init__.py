"""What need not be searched of a program, and what is left of it: docs/soundness.md, "Reductions"."""
