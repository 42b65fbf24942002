"""Surroundings that bring races out: another pace of switching, and a busy machine."""
