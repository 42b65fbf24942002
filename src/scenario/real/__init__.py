"""What real runs share, whatever they run on: emitted Python, what its threads may ever do, values as they pass between them."""
