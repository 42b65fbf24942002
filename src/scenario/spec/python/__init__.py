"""What is in Python's syntax within a file: its text -> the closed tree, with each mistake at its place."""
