"""What an editor is told of a file while it is written: mistakes and mends, names and where they stand, what fits here."""
