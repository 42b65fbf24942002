"""The modules' code with gates in it, in the place of their own."""
