"""Results as text, for people and for tools: one file a format."""
