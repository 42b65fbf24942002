"""Small modules drawn by a seed, explored, and held against every bytecode's interleavings."""
