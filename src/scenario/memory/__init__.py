"""What is kept from one command to the next: compiled files, and failures that were found."""
