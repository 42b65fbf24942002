"""The program's blocks -> flat code: every step of LANGUAGE.md section 6 becomes one instruction."""
