"""Steps that commute with all that others may do meanwhile: docs/soundness.md, "Partial order"."""
