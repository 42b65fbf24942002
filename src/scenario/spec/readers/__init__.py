"""The types of fields: how each is read from a document's value, and the base of all models."""
