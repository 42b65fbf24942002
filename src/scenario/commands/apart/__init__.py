"""The user's own code, in a process of its own."""
