"""What is told beside the verdict: odds, sources of states, what had no effect, what could not fail, what is not followed."""
