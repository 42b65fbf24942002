"""What a state or a path of states tells a person: waits, holders, moves, outcomes, schedules."""
