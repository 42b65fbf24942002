"""Looking at the threads of a run from outside: who waits, who can never move again, and stopping them."""
