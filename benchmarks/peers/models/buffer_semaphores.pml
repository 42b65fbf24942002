chan buffer = [places] of { byte };
byte room = places, items, used;
bit mutex;
proctype producer() {
  int i;
  for (i : 0 .. rounds - 1) {
    atomic { room > 0 -> room-- }
    atomic { mutex == 0 -> mutex = 1 }
    assert(nfull(buffer));
    buffer!i;
    mutex = 0;
    items++
  }
}
proctype consumer() {
  int i; byte item;
  for (i : 1 .. rounds) {
    atomic { items > 0 -> items-- }
    atomic { mutex == 0 -> mutex = 1 }
    assert(nempty(buffer));
    buffer?item;
    used = used + item;
    mutex = 0;
    room++
  }
}
init {
  int i;
  atomic { for (i : 1 .. n) { run producer(); run consumer() } }
  _nr_pr == 1;
  assert(used == n * rounds * (rounds - 1) / 2)
}
