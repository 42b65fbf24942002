"""What a file that is understood may still not do: in one step, with containers, in a process, on its runtime."""
