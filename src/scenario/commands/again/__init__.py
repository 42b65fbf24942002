"""What failed, once more: the command that does it again, the schedules that are kept or named."""
