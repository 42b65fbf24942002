"""The bridge from a file as written to what engines run."""

from scenario.compile.compiler import compile_scenario, param_names

__all__ = ["compile_scenario", "param_names"]
