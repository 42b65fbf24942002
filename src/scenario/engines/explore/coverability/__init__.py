"""Any number of threads at once: what can be reached with some number of them, and how it ends with each."""
