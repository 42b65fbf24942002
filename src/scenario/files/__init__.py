"""From what stands on the command line to files that are read, understood and selected."""
