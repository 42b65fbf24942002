"""Claims for all values of some params: proved, refuted at the least, or outside of what can be said."""
