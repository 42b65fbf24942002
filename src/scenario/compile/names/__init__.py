"""Names and expressions: what a name means where it stands, and the tree as written -> the tree that engines run."""
