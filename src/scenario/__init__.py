"""Scenario: a declarative runner for concurrency."""
