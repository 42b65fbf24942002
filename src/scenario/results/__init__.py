"""What can be seen of an execution: outcomes and schedules, whichever engine made them."""
