"""The formats that other programs read, a file each."""
