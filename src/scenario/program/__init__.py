"""What engines run: a resolved scenario as frozen values. No YAML, no threading."""
