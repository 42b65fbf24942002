"""Where a search goes next: one strategy a file, each over the same search."""
