byte a[n + 1];
int last = -1;
proctype search() {
  int i = n;
  do
  :: a[i] != 0 -> i--
  :: a[i] == 0 -> break
  od;
  last = i
}
proctype writer(byte index) {
  byte before = a[index];
  a[index + 1] = before + 1
}
init {
  int i;
  atomic {
    run search();
    for (i : 0 .. n - 1) { run writer(i) }
  }
  _nr_pr == 1;
  assert(last >= 0)
}
