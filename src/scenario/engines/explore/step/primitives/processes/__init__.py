"""The primitives of `multiprocessing`, where they are not what those of `threading` are."""
