int x;
proctype w() {
  int i, t;
  for (i : 1 .. rounds) { t = x; x = t + 1 }
}
init {
  byte i;
  atomic { for (i : 1 .. n) { run w() } }
  _nr_pr == 1;
  assert(x == n * rounds)
}
