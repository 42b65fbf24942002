byte gate = places, inside;
proctype visitor() {
  int i;
  for (i : 1 .. rounds) {
    atomic { gate > 0 -> gate-- }
    inside++;
    assert(inside <= places);
    inside--;
    gate++
  }
}
init {
  int i;
  atomic { for (i : 1 .. n) { run visitor() } }
}
