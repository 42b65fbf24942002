"""Facts in English: waits, moves, failures and patterns. What is said is fit for a terminal, whatever a file holds."""
