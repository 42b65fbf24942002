"""Static rules beyond a file's shape: what is valid, and yet most likely wrong. One rule a file."""
