#define inodes 32
#define blocks 26
byte inode[inodes];
bit busy[blocks], inode_lock[inodes], block_lock[blocks];
byte taken;
proctype process(byte index) {
  byte i, b;
  i = index % inodes;
  atomic { inode_lock[i] == 0 -> inode_lock[i] = 1 }
  if
  :: inode[i] == 0 ->
    b = i * 2 % blocks;
    do
    :: atomic { block_lock[b] == 0 -> block_lock[b] = 1 }
      if
      :: !busy[b] -> busy[b] = 1; inode[i] = b + 1; block_lock[b] = 0; break
      :: else
      fi;
      block_lock[b] = 0;
      b = (b + 1) % blocks
    od
  :: else
  fi;
  inode_lock[i] = 0
}
init {
  byte i;
  atomic { for (i : 0 .. n - 1) { run process(i) } }
  _nr_pr == 1;
  d_step { for (i : 0 .. blocks - 1) { taken = taken + busy[i] } }
  assert(taken == n)
}
