bit wants[2], turn;
byte inside;
proctype p(byte index) {
  wants[index] = 1;
  turn = 1 - index;
  !(wants[1 - index] && turn == 1 - index);
  inside++;
  assert(inside == 1);
  inside--;
  wants[index] = 0
}
init {
  atomic { run p(0); run p(1) }
}
