/* The inner loop of a search, the same for every program: states are rows of numbers, steps are looked up.
 *
 * A state is a row of 32-bit numbers, the shared part's and each thread's part's. What a thread's step does depends on the
 * shared part and its own part alone, so Python tells it once for each such pair (`teach`) and the loop does the rest: look
 * up, combine, sort what is interchangeable, hash, compare, queue. States are numbered in the order in which breadth-first
 * search meets them, as the Python loop numbers them. Whatever the loop does not know it gives back (`run` returns MISSING
 * or UNNAMED), and it takes up the same state again: to expand a state twice changes nothing.
 *
 * Freestanding: no library, memory is a heap that only grows. What says 0, or FULL, has found no room and changed nothing.
 */

typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned char u8;

#define EXPORT(name) __attribute__((export_name(#name)))

enum { DONE, MISSING, UNNAMED, EVENT, PAUSE, FULL };
enum { OVER = 1, TELLS = 2, NAMES = 4, MET = 8 }; /* of a shared part: the run is over; a failure shows; it names threads; a state has it */

#define NONE 0xffffffffu
#define ASKING (1u << 14) /* steps that are asked for at a time, and those of one more state */
#define ROWS 14 /* states a chunk, as a power of two */
#define CHUNKS (1u << 14)
#define AHEAD 1024 /* states that are looked at for what is missing when something is */

static u32 *io, io_size; /* what Python and the loop write for one another */
static u32 limit_pages = 65535; /* 64 KiB each */

/* --- memory -------------------------------------------------------------------------------------------------- */

extern u8 __heap_base;
static u32 top, spare, spare_bytes; /* the largest table that was outgrown is used up by chunks */

static u32 taken(u32 bytes) {
  bytes = (bytes + 7u) & ~7u;
  if (bytes <= spare_bytes) {
    u32 at = spare;
    spare += bytes, spare_bytes -= bytes;
    return at;
  }
  if (!top) top = ((u32)&__heap_base + 7u) & ~7u;
  u64 end = (u64)top + bytes;
  u32 pages = (u32)((end + 65535) >> 16), have = __builtin_wasm_memory_size(0);
  if (pages > limit_pages) return 0;
  if (pages > have && __builtin_wasm_memory_grow(0, pages - have) == (unsigned long)-1) return 0;
  u32 at = top;
  top = (u32)end;
  return at;
}

static void given_back(u32 at, u32 bytes) {
  if (bytes > spare_bytes) spare = at, spare_bytes = bytes;
}

static void *cleared(u32 bytes) {
  u32 at = taken(bytes);
  return at ? __builtin_memset((void *)at, 0, bytes) : 0;
}

/* So many words at least, those that there were as they are. */
static int grown(u32 **words, u32 *size, u32 need) {
  if (need <= *size) return 1;
  u32 more = *size ? *size * 2 : 1u << 12;
  while (more < need) more *= 2;
  u32 *new = (u32 *)taken(more * 4);
  if (!new) return 0;
  if (*words) {
    __builtin_memcpy(new, *words, *size * 4);
    given_back((u32)*words, *size * 4);
  }
  *words = new, *size = more;
  return 1;
}

/* Rows are short: a call of memory.copy costs more than they do. */
static inline void copied(u32 *to, const u32 *from, u32 words) {
  for (u32 i = 0; i < words; i++) to[i] = from[i];
}

static u64 mixed(u64 h, u64 word) {
  h = (h ^ word) * 0x9e3779b97f4a7c15ull;
  return h ^ (h >> 29);
}

static u32 *marks, marks_size, marks_count; /* of each shared part: its flags, and where its ranks stand in `pool` */

/* --- states -------------------------------------------------------------------------------------------------- */

static u32 width, threads; /* numbers a state; of threads */
static u32 count, next;    /* states that are known; the first that has not been expanded */
static u64 steps;
static u32 chunk_rows[CHUNKS], chunk_parents[CHUNKS];
typedef struct { u32 number, tag; } Slot; /* number + 1, 0 where free; the other half of the hash: few rows are compared in vain */
static Slot *slots;
static u32 slot_mask;

static u32 *row(u32 number) {
  return (u32 *)chunk_rows[number >> ROWS] + (number & ((1u << ROWS) - 1)) * width;
}
static u32 *parent(u32 number) { return (u32 *)chunk_parents[number >> ROWS] + (number & ((1u << ROWS) - 1)); }

static u64 hashed(const u32 *state) {
  u64 h = 0x243f6a8885a308d3ull;
  for (u32 i = 0; i < width; i++) h = mixed(h, state[i]);
  return h ^ (h >> 32);
}

static int is_row(const u32 *a, const u32 *b) {
  for (u32 i = 0; i < width; i++)
    if (a[i] != b[i]) return 0;
  return 1;
}

static int slots_grown(void) {
  u32 size = slots ? (slot_mask + 1) * 2 : 1u << 16;
  Slot *grown = cleared(size * sizeof(Slot));
  if (!grown) return 0;
  for (u32 number = 0; number < count; number++) {
    u64 h = hashed(row(number));
    u32 at = (u32)h & (size - 1);
    while (grown[at].number) at = (at + 1) & (size - 1);
    grown[at] = (Slot){number + 1, (u32)(h >> 32)};
  }
  if (slots) given_back((u32)slots, (slot_mask + 1) * sizeof(Slot));
  slots = grown, slot_mask = size - 1;
  return 1;
}

/* Where the state stands or would. */
static u32 slot_of(const u32 *state, u64 h) {
  u32 at = (u32)h & slot_mask, tag = (u32)(h >> 32);
  while (slots[at].number && (slots[at].tag != tag || !is_row(row(slots[at].number - 1), state))) at = (at + 1) & slot_mask;
  return at;
}

static int has_room(u32 more) {
  while (((u64)count + more) * 4 >= (u64)slot_mask * 3)
    if (!slots_grown()) return 0;
  for (u32 chunk = count >> ROWS; chunk <= (count + more) >> ROWS; chunk++) {
    if (chunk >= CHUNKS) return 0;
    if (!chunk_rows[chunk] && !(chunk_rows[chunk] = taken((width << ROWS) * 4))) return 0;
    if (!chunk_parents[chunk] && !(chunk_parents[chunk] = taken(4u << ROWS))) return 0;
  }
  return 1;
}

/* The state's number; there is room for it. `*is_new`: it was not known. */
static u32 numbered(const u32 *state, u64 h, u32 before, int *is_new) {
  u32 at = slot_of(state, h);
  if (slots[at].number) return *is_new = 0, slots[at].number - 1;
  copied(row(count), state, width);
  *parent(count) = before;
  marks[state[0] * 2] |= MET;
  slots[at] = (Slot){count + 1, (u32)(h >> 32)};
  *is_new = 1;
  return count++;
}

/* --- what is known of steps and of shared parts ----------------------------------------------------------------- */

typedef struct { u32 shared, thread, part, effects; } Known; /* effects: 0 free, else where they stand */
static Known *known;
static u32 known_mask, known_count;
#define ASKED 1u /* it has been asked for and not been told yet */

static u32 *pool; /* effects: how many, then for each: shared, part, others << 1 | spurious, and pairs (thread, part) */
static u32 pool_used = 2, pool_size;

static u32 known_at(u32 shared, u32 thread, u32 part) {
  u64 h = mixed(mixed(thread, shared), part);
  u32 at = (u32)(h ^ (h >> 32)) & known_mask;
  while (known[at].effects && (known[at].part != part || known[at].shared != shared || known[at].thread != thread))
    at = (at + 1) & known_mask;
  return at;
}

static int known_grown(void) {
  Known *old = known;
  u32 size = old ? known_mask + 1 : 0, grown = old ? size * 2 : 1u << 12;
  Known *new = cleared(grown * sizeof(Known));
  if (!new) return 0;
  known = new, known_mask = grown - 1;
  for (u32 i = 0; i < size; i++)
    if (old[i].effects) known[known_at(old[i].shared, old[i].thread, old[i].part)] = old[i];
  if (old) given_back((u32)old, size * sizeof(Known));
  return 1;
}

/* --- threads that are interchangeable --------------------------------------------------------------------------- */

static u32 groups; /* ranges of threads: first, how many */
static u32 group_first[256], group_length[256];
static u32 *order, *after;

typedef struct { u32 shared, names, renamed; } Renamed; /* names: where the order stands in `pool`; 0 free */
static Renamed *renamings;
static u32 renamings_mask, renamings_count;

static u32 renaming_at(u32 shared, const u32 *wanted) {
  u64 h = shared;
  for (u32 i = 0; i < threads; i++) h = mixed(h, wanted[i]);
  u32 at = (u32)(h ^ (h >> 32)) & renamings_mask;
  for (; renamings[at].names; at = (at + 1) & renamings_mask) {
    if (renamings[at].shared != shared) continue;
    const u32 *there = pool + renamings[at].names;
    u32 i = 0;
    while (i < threads && there[i] == wanted[i]) i++;
    if (i == threads) break;
  }
  return at;
}

static int renamings_grown(void) {
  Renamed *old = renamings;
  u32 size = old ? renamings_mask + 1 : 0, grown = old ? size * 2 : 1u << 10;
  Renamed *new = cleared(grown * sizeof(Renamed));
  if (!new) return 0;
  renamings = new, renamings_mask = grown - 1;
  for (u32 i = 0; i < size; i++)
    if (old[i].names) renamings[renaming_at(old[i].shared, pool + old[i].names)] = old[i];
  if (old) given_back((u32)old, size * sizeof(Renamed));
  return 1;
}

/* Puts interchangeable threads in the order of their parts and, between equal ones, of what the shared part says of them.
 * 0 where the shared part under the new names is not known: `order` is what is wanted. */
static int canonical(u32 *state) {
  u32 flags = marks[state[0] * 2], moved = 0;
  const u32 *ranks = flags & NAMES ? pool + marks[state[0] * 2 + 1] : 0;
  if (!ranks) { /* it names none of them: only parts change places */
    for (u32 g = 0; g < groups; g++) {
      u32 *parts = state + 1 + group_first[g];
      for (u32 i = 1; i < group_length[g]; i++) {
        u32 part = parts[i], j = i;
        for (; j && parts[j - 1] > part; j--) parts[j] = parts[j - 1];
        parts[j] = part;
      }
    }
    return 1;
  }
  for (u32 i = 0; i < threads; i++) order[i] = i;
  for (u32 g = 0; g < groups; g++) {
    u32 *here = order + group_first[g];
    for (u32 i = 1; i < group_length[g]; i++) {
      u32 thread = here[i], part = state[1 + thread], rank = ranks[thread], j = i;
      for (; j; j--) {
        u32 other = here[j - 1], part_of = state[1 + other];
        if (part_of < part || (part_of == part && ranks[other] <= rank)) break;
        here[j] = other;
      }
      here[j] = thread;
      moved |= j != i;
    }
  }
  if (!moved) return 1;
  const Renamed *found = renamings + renaming_at(state[0], order);
  if (!found->names) return 0;
  for (u32 i = 0; i < threads; i++) after[i] = state[1 + order[i]];
  copied(state + 1, after, threads);
  state[0] = found->renamed;
  return 1;
}

static u32 *levels, levels_size, levels_count; /* where each level begins; the last one has not been expanded whole */

static int level_from(u32 first) {
  if (!grown(&levels, &levels_size, levels_count + 1)) return 0;
  levels[levels_count++] = first;
  return 1;
}

/* --- what Python says ------------------------------------------------------------------------------------------- */

/* Where so many words can be written; 0 where there is no room. */
EXPORT(buffer) u32 buffer(u32 words) { return grown(&io, &io_size, words) ? (u32)io : 0; }

/* `io`: groups as (first, how many). 0 where there is no room. */
EXPORT(start) u32 start(u32 threads_, u32 groups_, u32 pages) {
  if (groups_ > 256) return 0;
  threads = threads_, width = threads_ + 1, groups = groups_, limit_pages = pages;
  for (u32 g = 0; g < groups_; g++) group_first[g] = io[2 * g], group_length[g] = io[2 * g + 1];
  order = (u32 *)taken(threads * 4), after = (u32 *)taken(width * 4);
  return order && after && level_from(0) && slots_grown() && known_grown() && renamings_grown();
}

/* `io`: a first state. Its number; NONE where there is no room. */
EXPORT(add) u32 add(void) {
  int is_new;
  return has_room(1) ? numbered(io, hashed(io), NONE, &is_new) : NONE;
}

/* `io`: a state. Its number, NONE where it is not known. */
EXPORT(number) u32 number(void) {
  return slots[slot_of(io, hashed(io))].number - 1;
}

/* `io`: flags of the next shared parts, one a word; of those that name threads, their ranks behind each. */
EXPORT(mark) u32 mark(u32 how_many) {
  const u32 *from = io;
  for (; how_many; how_many--) {
    if (!grown(&marks, &marks_size, marks_count * 2 + 2) || !grown(&pool, &pool_size, pool_used + threads)) return 0;
    u32 flags = *from++;
    marks[marks_count * 2] = flags;
    if (flags & NAMES) {
      marks[marks_count * 2 + 1] = pool_used;
      __builtin_memcpy(pool + pool_used, from, threads * 4);
      pool_used += threads, from += threads;
    }
    marks_count++;
  }
  return 1;
}

/* `io`: for each step its shared part, thread, part, how many words follow, and those as `pool` has them. */
EXPORT(teach) u32 teach(u32 how_many) {
  const u32 *from = io;
  for (; how_many; how_many--, from += 4 + from[3]) {
    if (!grown(&pool, &pool_size, pool_used + from[3]) || (known_count * 2 >= known_mask && !known_grown())) return 0;
    Known *entry = known + known_at(from[0], from[1], from[2]);
    if (!entry->effects) known_count++;
    *entry = (Known){from[0], from[1], from[2], pool_used};
    __builtin_memcpy(pool + pool_used, from + 4, from[3] * 4);
    pool_used += from[3];
  }
  return 1;
}

/* `io`: an order of the threads, then the shared part's number under these names. */
EXPORT(rename) u32 rename_(u32 shared) {
  if (!grown(&pool, &pool_size, pool_used + threads)) return 0;
  if (renamings_count * 2 >= renamings_mask && !renamings_grown()) return 0;
  __builtin_memcpy(pool + pool_used, io, threads * 4);
  renamings[renaming_at(shared, io)] = (Renamed){shared, pool_used, io[threads]};
  pool_used += threads, renamings_count++;
  return 1;
}

/* --- the loop --------------------------------------------------------------------------------------------------- */

/* Writes to `io` the steps that are not known of the next states: how many, then (shared part, thread, part) of each. */
static u32 missing(void) {
  u32 found = 0, last = next + AHEAD < count ? next + AHEAD : count;
  if (!grown(&io, &io_size, 1 + 3 * (ASKING + threads))) return FULL;
  for (u32 number = next; number < last && found < ASKING; number++) {
    const u32 *state = row(number);
    if (marks[state[0] * 2] & OVER) continue;
    for (u32 thread = 0; thread < threads; thread++) {
      if (known_count * 2 >= known_mask && !known_grown()) return FULL;
      Known *entry = known + known_at(state[0], thread, state[1 + thread]);
      if (entry->effects > ASKED || (entry->effects == ASKED && number != next)) continue;
      if (!entry->effects) known_count++;
      *entry = (Known){state[0], thread, state[1 + thread], ASKED};
      u32 *to = io + 1 + 3 * found++;
      to[0] = state[0], to[1] = thread, to[2] = state[1 + thread];
    }
  }
  io[0] = found;
  return MISSING;
}

/* Successors wait in a batch, so that their places in the table are fetched side by side: each is a miss of the caches. */
#define BATCH 64
static u32 *batch, batched, batch_before[BATCH];
static u64 batch_hash[BATCH];

#define TOLD 512
static u32 told, tells[TOLD]; /* new states whose shared part tells something */

static u32 goes_back; /* some step does not lead to the next level: only then may an execution come back to where it was */

/* Gives the batch its numbers; 0 where there is no room. */
static int settled(void) {
  if (!has_room(batched)) return 0;
  static u32 guess[BATCH];
  u32 *state = batch;
  for (u32 i = 0; i < batched; i++, state += width) batch_hash[i] = hashed(state);
  for (u32 i = 0; i < batched; i++) guess[i] = slots[(u32)batch_hash[i] & slot_mask].number;
  u32 fetched = 0;
  for (u32 i = 0; i < batched; i++) fetched += guess[i] ? *row(guess[i] - 1) : 0;
  batch[BATCH * width] = fetched; /* so that it is not left out */
  state = batch;
  for (u32 i = 0; i < batched; i++, state += width) {
    int is_new;
    u32 before = batch_before[i], number = numbered(state, batch_hash[i], before, &is_new);
    goes_back |= number < levels[levels_count - 1];
    if (is_new && (marks[state[0] * 2] & TELLS) && state[0] != *row(before)) tells[told++] = number;
  }
  batched = 0;
  return 1;
}

static u32 event(u32 end) {
  if (!grown(&io, &io_size, 2 + TOLD)) return FULL;
  io[0] = end, io[1] = told;
  copied(io + 2, tells, told);
  told = 0;
  return EVENT;
}

static u32 unnamed(u32 shared) {
  if (!grown(&io, &io_size, threads + 1)) return FULL;
  copied(io, order, threads);
  io[threads] = shared;
  return UNNAMED;
}

static int (*settle)(void) = settled; /* what becomes of a full batch */

/* The steps of the state into the batch: DONE, or why it has to be taken up again (UNNAMED: `io` has the order, and the shared part). */
static u32 expand(const u32 *state, u32 *taken_steps, u32 *moves) {
  if (marks[state[0] * 2] & OVER) return DONE;
  for (u32 thread = 0; thread < threads; thread++) {
    const Known *entry = known + known_at(state[0], thread, state[1 + thread]);
    if (entry->effects <= ASKED) return MISSING;
    const u32 *effect = pool + entry->effects;
    for (u32 left = *effect++; left; left--) {
      if (batched == BATCH && !settle()) return FULL;
      if (told > TOLD - 2 * BATCH) return EVENT; /* a wide choice; it is taken up again */
      u32 *there = batch + batched * width;
      copied(there, state, width);
      there[0] = effect[0], there[1 + thread] = effect[1];
      u32 is_spurious = effect[2] & 1, others = effect[2] >> 1;
      effect += 3;
      for (; others; others--, effect += 2) there[1 + effect[0]] = effect[1];
      if (groups && !canonical(there)) return unnamed(there[0]);
      batch_before[batched++] = next;
      *moves |= !is_spurious;
      ++*taken_steps;
    }
  }
  return DONE;
}

/* Expands states in their order, up to the end of a level at a time. EVENT: `io` says whether the state that was expanded
 * last is an end (1; 2 where it has spurious steps), and which new states' shared parts tell something. */
EXPORT(run) u32 run(u32 how_many, u32 most) {
  if (!batch && !(batch = (u32 *)taken((BATCH + 1) * width * 4))) return FULL;
  while (next < count || batched) {
    if (next >= levels[levels_count - 1] || next >= count || count + batched > most || batched > BATCH / 2) {
      if (!settled()) return FULL;
      if (told) return event(0);
      if (next >= count) break;
      if (next >= levels[levels_count - 1] && !level_from(count)) return FULL;
      if (count > most) return PAUSE;
    }
    if (!how_many--) return settled() ? told ? event(0) : PAUSE : FULL;
    u32 moves = 0, taken_steps = 0, from = batched, found = expand(row(next), &taken_steps, &moves);
    if (found == FULL) return FULL;
    if (found != DONE) {
      batched = from < batched ? from : batched; /* it is taken up again */
      return found == MISSING ? missing() : found == EVENT ? event(0) : UNNAMED;
    }
    steps += taken_steps, next++;
    if (!moves) return settled() ? event(taken_steps ? 2 : 1) : FULL;
  }
  return told ? event(0) : DONE;
}

EXPORT(goes_back) u32 goes_back_(void) { return goes_back; }
EXPORT(states) u32 states(void) { return count; }
EXPORT(expanded) u32 expanded(void) { return next; }
EXPORT(levels) u32 levels_(void) { return (u32)levels; }
EXPORT(levels_count) u32 levels_count_(void) { return levels_count; }
EXPORT(marks) u32 marks_(void) { return (u32)marks; }
EXPORT(steps) u64 steps_(void) { return steps; }
EXPORT(row_of) u32 row_of(u32 number) { return (u32)row(number); }
EXPORT(parent_of) u32 parent_of(u32 number) { return *parent(number); }

/* --- the whole graph -------------------------------------------------------------------------------------------- */

static u32 *arrivals, *origins, *departures; /* where those of each state end; the states before it; how many leave it */

static u32 *arrival(u32 i) {
  const u32 *state = batch + i * width;
  return arrivals + slots[slot_of(state, hashed(state))].number - 1;
}

static int counted(void) {
  for (u32 i = 0; i < batched; i++) ++*arrival(i), ++departures[batch_before[i]];
  return batched = 0, 1;
}

static int placed(void) {
  for (u32 i = 0; i < batched; i++) origins[(*arrival(i))++] = batch_before[i];
  return batched = 0, 1;
}

static u32 at; /* how far a pass over all states has come */

/* The steps of the next states of the pass; whether there are more states. */
static int each_step(int (*what)(void), u32 how_many) {
  u32 was = next, steps = 0, moves = 0;
  settle = what;
  for (next = at; next < was && how_many; next++, how_many--) expand(row(next), &steps, &moves); /* everything is known */
  settle();
  settle = settled, at = next, next = was;
  return at < was;
}

/* Where the states before each begin, for so many as were counted. 0 where there is no room. */
static int shared_out(void) {
  u32 all = 0;
  for (u32 number = 0; number < count; number++) {
    u32 own = arrivals[number];
    arrivals[number] = all, all += own;
  }
  return (origins = (u32 *)taken(all * 4 + 4)) != 0;
}

/* Finds which states come before each, among those that have been expanded, so many states at a time, from the beginning
 * (`anew`) or from where it was. DONE, PAUSE where there is more to do, FULL where there is no room. */
EXPORT(reverse) u32 reverse(u32 how_many, u32 anew) {
  if (anew) {
    arrivals = cleared(count * 4), departures = cleared(count * 4), origins = 0, at = 0;
    if (!arrivals || !departures) return FULL;
  }
  if (!origins) {
    if (each_step(counted, how_many)) return PAUSE;
    at = 0;
    return shared_out() ? PAUSE : FULL;
  }
  return each_step(placed, how_many) ? PAUSE : DONE;
}

/* After `reverse`: where the states before this one stand, and where they end. */
EXPORT(before) u32 before(u32 number) { return (u32)(origins + (number ? arrivals[number - 1] : 0)); }
EXPORT(before_end) u32 before_end(u32 number) { return (u32)(origins + arrivals[number]); }

static u32 *gone, gone_count; /* states without a step that is left */

/* After `reverse`, once: whether no execution comes back to where it was. Takes away what nothing leaves, again and again
 * (Kahn, 1962), so many states at a time. PAUSE where there is more to do, FULL where there is no room, else DONE: see `is_acyclic`. */
EXPORT(acyclic) u32 acyclic(u32 how_many, u32 anew) {
  if (anew) {
    if (!(gone = (u32 *)taken(count * 4))) return FULL;
    gone_count = at = 0;
    for (u32 number = 0; number < count; number++)
      if (!departures[number]) gone[gone_count++] = number;
  }
  for (; at < gone_count && how_many; at++, how_many--)
    for (u32 from = gone[at] ? arrivals[gone[at] - 1] : 0; from < arrivals[gone[at]]; from++)
      if (!--departures[origins[from]]) gone[gone_count++] = origins[from];
  return at < gone_count ? PAUSE : DONE;
}

EXPORT(is_acyclic) u32 is_acyclic(void) { return gone_count == count; }
