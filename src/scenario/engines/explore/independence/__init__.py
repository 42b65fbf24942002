"""Steps that commute with all that others may do meanwhile: docs/design.md, "Partial order"."""
