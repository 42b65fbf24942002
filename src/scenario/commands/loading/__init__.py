"""From paths to programs that are ready to run, and to mistakes in them."""
