"""Executions to be looked at: those of a page, of a diagram, of a terminal that steps."""
