"""Instructions compiled: Python functions over a state and a frame's slots, and which slots are live."""
