"""Primitives of the standard library under control."""
