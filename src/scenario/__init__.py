"""Declarative concurrency scenarios: run on real threads, explored over all interleavings."""

__version__ = "0.1.0"
