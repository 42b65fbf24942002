"""Some interleavings by chance, and what they say of all: for files whose states are too many to look at each."""
