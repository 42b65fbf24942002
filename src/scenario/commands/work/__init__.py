"""Work on a case, as units that anybody may do: what is asked for, what a unit is, who does many at a time."""
