"""A program of processes, where it is written otherwise than one of threads."""
