"""What makes executions of a program: real threads, or every interleaving."""
