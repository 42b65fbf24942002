"""What gates do while an execution goes on."""
