"""An oracle: a module's functions as real threads, of which one goes at a time, with a switch possible at every bytecode instruction.

`sys.settrace` with `f_trace_opcodes` stops before each instruction of the module's own code that may touch what others see, also where C calls
back into it; the code of other modules, and in C, is one step. Nothing of the explorer is used. Which thread goes how far is a plan.
"""

import dis
import sys
import threading
from functools import cache

LOCAL = (
    "LOAD_FAST", "STORE_FAST", "DELETE_FAST", "LOAD_CONST", "RETURN_CONST", "POP_TOP", "COPY", "COPY_FREE_VARS", "SWAP", "PUSH_", "PRECALL",
    "KW_NAMES", "NOP", "CACHE", "EXTENDED_ARG", "MAKE_FUNCTION", "MAKE_CELL", "BUILD_", "JUMP_FORWARD", "JUMP_BACKWARD", "LOAD_CLOSURE",
    "POP_EXCEPT", "CHECK_EXC", "RERAISE", "RAISE", "RETURN_GENERATOR", "END_FOR", "POP_ITER", "SET_FUNCTION", "LOAD_BUILD", "LIST_APPEND",
    "SET_ADD", "MAP_ADD", "IS_OP", "TO_BOOL", "GET_YIELD", "LOAD_ASSERTION",
)  # fmt: skip
"""Instructions that touch nothing that another thread sees, by how their names begin."""


class Stuck(BaseException):
    """All wait: unwinds a thread."""


@cache
def stops(code, assigned):
    """Offsets of a code object before which others may come in; of globals, those at which one is used that is `assigned`."""
    return frozenset(
        each.offset
        for each in dis.get_instructions(code)
        if not each.opname.startswith(LOCAL)
        and not (each.opname in ("LOAD_GLOBAL", "LOAD_NAME") and each.argval not in assigned)
    )


def assigned_globals(code):
    """Those that some function stores or deletes."""
    names = {each.argval for each in dis.get_instructions(code) if each.opname in ("STORE_GLOBAL", "DELETE_GLOBAL")}
    return names.union(*(assigned_globals(each) for each in code.co_consts if hasattr(each, "co_code")))


class Lock:
    """Waits by letting the others go on."""

    def __init__(self, turns):
        self._turns, self._taken = turns, False

    def acquire(self, blocking=True):
        while self._taken:
            if not blocking:
                return False
            self._turns.wait()
        self._taken = True
        return True

    def release(self):
        if not self._taken:
            raise RuntimeError("release unlocked lock")
        self._taken = False

    def locked(self):
        return self._taken

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *error):
        self.release()


class Turns:
    """Workers that execute functions by a plan: pairs of a worker and how many stops it passes (None: all)."""

    def __init__(self, workers, file):
        self._file = file
        self._batons = [threading.Lock() for _ in range(workers)]
        self._over = threading.Lock()
        for lock in (*self._batons, self._over):
            lock.acquire()
        self._jobs = [None] * workers
        self.assigned = frozenset()
        for number in range(workers):
            threading.Thread(target=self._work, args=(number,), daemon=True).start()

    def run(self, jobs, plan):
        """How many stops each passed; None: all waited for each other."""
        self._plan, self._jobs = iter(plan), list(jobs)
        self._alive, self._waiting = set(range(len(jobs))), set()
        self.passed, self._left, self._stuck = [0] * len(jobs), None, False
        self._current = self._next()
        self._batons[self._current].release()
        self._over.acquire()
        return None if self._stuck else self.passed

    def _work(self, me):
        while True:
            self._batons[me].acquire()
            sys.settrace(self._called)
            try:
                self._jobs[me]()
            except Stuck:
                pass
            finally:
                sys.settrace(None)
            self._alive.discard(me)
            self._waiting.clear()
            following = self._next()
            (self._over if following is None else self._batons[following]).release()

    def _next(self):
        """Who goes on; how far is noted."""
        able = sorted(self._alive - self._waiting)
        if not able:
            self._stuck = self._stuck or bool(self._alive)
            self._current = min(self._alive, default=None)
            return self._current
        for worker, left in self._plan:
            if worker in able:
                self._current, self._left = worker, left
                return worker
        self._current, self._left = able[0], None
        return able[0]

    def _called(self, frame, event, argument):
        if frame.f_code.co_filename != self._file:
            return None
        frame.f_trace_opcodes = True  # lines too: without them 3.13 tells no bytecode either
        return self._traced

    def _traced(self, frame, event, argument):
        if event == "opcode" and frame.f_lasti in stops(frame.f_code, self.assigned):
            self._stop()
        return self._traced

    def _stop(self):
        me = self._current
        while self._left == 0:
            self._hand_over(me)
        self.passed[me] += 1
        if self._left is not None:
            self._left -= 1
        self._waiting.clear()

    def wait(self):
        """The current one can not go on before another has."""
        me = self._current
        self._waiting.add(me)
        self._hand_over(me)

    def _hand_over(self, me):
        following = self._next()
        if following != me:
            self._batons[following].release()
            self._batons[me].acquire()
        if self._stuck:
            raise Stuck


class Bytecode:
    """A module's text: `State`, `reset` and the threads of these names. `observed(state, names)` is what of an execution counts."""

    def __init__(self, text, file, threads, observed):
        self._names = {"__name__": "fuzzed"}
        code = compile(text, file, "exec")
        exec(code, self._names)
        self._turns = Turns(len(threads), file)
        self._turns.assigned = frozenset(assigned_globals(code))
        self._names["Lock"] = lambda: Lock(self._turns)
        self._threads, self._observed = [self._names[name] for name in threads], observed

    def execute(self, plan):
        """What is observed, and how many stops each thread passed."""
        self._names["reset"]()
        state = self._names["State"]()
        passed = self._turns.run([lambda call=call: call(state) for call in self._threads], plan)
        return ("deadlock", None) if passed is None else (self._observed(state, self._names), passed)

    def outcomes(self, random, most):
        """Of each with one preemption, and of each, or `most` drawn ones, with two and three."""
        seen, counts = {}, {}
        for first in range(2):
            outcome, counts[first] = self.execute([(first, None)])
            seen[outcome] = [(first, None)]
        plans = []
        for one in range(2):
            firsts, seconds = ((counts[each] or [30] * 2) for each in (one, 1 - one))
            for i in range(1, firsts[one] + 1):
                plans.append([(one, i), (1 - one, None)])
                plans += [[(one, i), (1 - one, j), (one, None)] for j in range(1, seconds[1 - one] + 1)]
        if len(plans) > most:
            plans = random.sample(plans, most)
        plans += [
            [
                (0, random.randint(1, 20)),
                (1, random.randint(1, 20)),
                (0, random.randint(1, 20)),
                (1, random.randint(1, 20)),
            ]
            for _ in range(most // 4)
        ]
        for plan in plans:
            outcome, _ = self.execute(plan)
            seen.setdefault(outcome, plan)
        return seen
