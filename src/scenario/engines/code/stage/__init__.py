"""The threads of a scenario file as threads under control: its step code beside the user's own code that it calls."""
