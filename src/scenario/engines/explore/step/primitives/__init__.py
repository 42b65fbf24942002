"""What each operation does to a state: LANGUAGE.md section 6, primitive by primitive."""
