bit forks[n];
proctype philosopher(byte index) {
  byte first, second;
  first = index; second = index + 1;
  if
  :: second == n -> first = 0; second = index
  :: else
  fi;
  atomic { forks[first] == 0 -> forks[first] = 1 }
  atomic { forks[second] == 0 -> forks[second] = 1 }
  forks[second] = 0;
  forks[first] = 0
}
init {
  byte i;
  atomic { for (i : 0 .. n - 1) { run philosopher(i) } }
}
