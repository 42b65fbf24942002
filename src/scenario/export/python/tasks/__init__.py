"""A program of asyncio's tasks, where it is written otherwise than one of threads."""
