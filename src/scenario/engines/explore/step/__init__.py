"""From one state to the next: a thread's alternatives, what each does, and the local work behind it."""
