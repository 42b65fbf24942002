bit forks[n];
proctype philosopher(byte index) {
  atomic { forks[index] == 0 -> forks[index] = 1 }
  atomic { forks[(index + 1) % n] == 0 -> forks[(index + 1) % n] = 1 }
  forks[(index + 1) % n] = 0;
  forks[index] = 0
}
init {
  byte i;
  atomic { for (i : 0 .. n - 1) { run philosopher(i) } }
}
