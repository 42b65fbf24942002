"""The rules, a file each: its page and its check over the facts of a program."""
