"""A program as the Python module that a person would write for it."""
