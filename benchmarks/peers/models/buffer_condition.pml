chan buffer = [places] of { byte };
int used;
bit lock, waits[2 * n + 1];
inline acquire() { atomic { lock == 0 -> lock = 1 } }
inline wait() {
  atomic { waits[_pid] = 1; lock = 0 }
  atomic { waits[_pid] == 0 && lock == 0 -> lock = 1 }
}
inline notify_all() {
  d_step {
    k = 0;
    do
    :: k <= 2 * n -> waits[k] = 0; k++
    :: else -> break
    od;
    k = 0
  }
}
proctype producer() {
  int i; byte k;
  for (i : 0 .. rounds - 1) {
    acquire();
    do
    :: full(buffer) -> wait()
    :: nfull(buffer) -> break
    od;
    buffer!i;
    notify_all();
    lock = 0
  }
}
proctype consumer() {
  int i; byte k, item;
  for (i : 1 .. rounds) {
    acquire();
    do
    :: empty(buffer) -> wait()
    :: nempty(buffer) -> break
    od;
    buffer?item;
    used = used + item;
    notify_all();
    lock = 0
  }
}
init {
  int i;
  atomic { for (i : 1 .. n) { run producer(); run consumer() } }
  _nr_pr == 1;
  assert(used == n * rounds * (rounds - 1) / 2)
}
