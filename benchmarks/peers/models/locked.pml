int x;
bit lock;
proctype w() {
  int i, t;
  for (i : 1 .. rounds) {
    atomic { lock == 0 -> lock = 1 }
    t = x; x = t + 1;
    lock = 0
  }
}
init {
  byte i;
  atomic { for (i : 1 .. n) { run w() } }
  _nr_pr == 1;
  assert(x == n * rounds)
}
