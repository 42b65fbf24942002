"""YAML's events -> plain values that know where they stood."""
