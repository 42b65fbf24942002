"""The program's blocks -> instructions: every step of LANGUAGE.md section 6 becomes one."""
