"""What editors say of every key, verb and primitive: a description, and an example as it stands in a file."""

from __future__ import annotations

from typing import TypeAlias

Entry: TypeAlias = tuple[str, object]
"""Description and example."""

FILE: dict[str, Entry] = {
    "scenario": ("The scenario's name.", "lock-counter"),
    "description": ("What it shows, in prose.", "Ten threads add to one counter; the lock makes every update count."),
    "tags": ("Labels to select by (`-t lock`).", ["lock"]),
    "requires": ("Where the file can run; elsewhere it is skipped.", {"python": ">=3.13"}),
    "params": ("Named constants; `-p rounds=1000` overrides one.", {"workers": 10, "rounds": 100000}),
    "cases": ("Overrides of params; each is run as its own case.", [{"workers": 2}, {"workers": 10}]),
    "vars": ("Shared variables and their initial values; `{expr: …}` computes one from params.", {"counter": 0}),
    "primitives": ("The synchronization objects, by name.", {"lock": "Lock", "slots": {"Semaphore": 3}}),
    "routines": (
        "Named step lists with parameters, to run from threads, pools, timers and barriers.",
        {"square": {"params": ["n"], "steps": [{"return": "n * n"}]}},
    ),
    "threads": ("The threads, by name.", {"worker": {"count": 10, "steps": ["counter += 1"]}}),
    "main": (
        "The main thread's steps. Default: start all threads in order, then join all that are no daemons.",
        [{"start": "all"}, {"join": "all"}],
    ),
    "python": ("Callables of your own code, as module:callable.", {"transfer": "bank:transfer"}),
    "expect": ("What must hold. A list is short for `final`.", ["counter == workers * rounds"]),
    "explore": (
        "How this file is explored; false: it is only run.",
        {"params": {"workers": 3, "rounds": 2}, "clock": "free", "wake": "any", "spurious": False},
    ),
    "timeout": ("Real seconds that one run may take (default 30).", 10),
}

REQUIRES: dict[str, Entry] = {"python": ("Comparisons with Python's version.", ">=3.13")}

ROUTINE: dict[str, Entry] = {
    "params": ("The names of its parameters, its first locals.", ["n"]),
    "steps": ("What it does; `return` gives its value.", [{"return": "n * n"}]),
}

THREAD: dict[str, Entry] = {
    "steps": ("What the thread does.", ["counter += 1"]),
    "run": ("A routine to run instead of `steps`.", "squares"),
    "args": ("The routine's arguments by name.", {"n": 3}),
    "count": ("Makes it a group of so many threads, `worker[0]` and so on.", 10),
    "name": ("The thread's name; default `worker-{index}`.", "Thread-{index}"),
    "daemon": ("A daemon is abandoned when main and all non-daemons have ended.", True),
    "class": ("The name of a subclass of threading.Thread, whose run() takes the steps.", "WorkerThread"),
    "timer": ("Seconds to wait first: a threading.Timer, which `cancel` stops.", 2.0),
}

EXPLORE: dict[str, Entry] = {
    "params": ("Overrides of params, small enough to explore.", {"workers": 3, "rounds": 2}),
    "clock": ("virtual: time moves only when nothing else can.", "virtual"),
    "wake": ("fifo: a notification picks the longest waiting.", "fifo"),
    "spurious": ("Whether a condition's wait may return without a notification.", True),
}

EXPECT: dict[str, Entry] = {
    "final": ("Expressions that hold after every execution.", ["counter == 10"]),
    "sometimes": ("Expressions that hold after some execution.", ["winner == 'A'"]),
    "always": ("Expressions over shared state that hold at every moment.", ["inside <= 3"]),
    "reachable": ("Expressions over shared state that hold at some moment.", ["inside == 3"]),
    "output": ("The lines that are printed, exactly and in order; or a mapping.", ["hello"]),
    "order": ("Lists of marks: every earlier one precedes every later one.", [["setting", "received"]]),
    "errors": ("Which threads end with which exception.", {"worker": "ValueError"}),
    "deadlock": ("never (default), possible, always, or {possible: [the threads that are stuck]}.", "possible"),
    "livelock": ("never (default) or possible.", "possible"),
    "elapsed": ("Seconds from the first start to the end.", {"at_least": 0.1, "at_most": 2}),
    "fails": ("This file shows a bug: exactly these kinds of failure are found.", ["final"]),
    "observe": ("The columns of the outcome table; default: the vars.", ["counter"]),
    "outcomes": (
        "Labels of outcomes; the first true `when` counts, and an outcome without a label fails.",
        [{"when": "counter == 2", "is": "acceptable", "because": "both updates count"}],
    ),
}

OUTPUT: dict[str, Entry] = {
    "lines": ("Exactly these lines, in order.", ["hello"]),
    "unordered": ("Exactly these lines, in any order.", ["A", "B"]),
    "contains": ("Texts that some line holds.", ["done"]),
    "absent": ("Texts that no line holds.", ["error"]),
}

ELAPSED: dict[str, Entry] = {
    "at_least": ("Seconds.", 0.1),
    "at_most": ("Seconds.", 2),
}

OUTCOME: dict[str, Entry] = {
    "when": ("An expression over the final state.", "counter == 2"),
    "is": ("acceptable, interesting or forbidden.", "acceptable"),
    "because": ("Why, for the reader of the table.", "both updates count"),
}

BRANCH: dict[str, Entry] = {
    "if": ("The condition, an expression.", "n == 1"),
    "then": ("Steps to take where it holds.", ["pass"]),
}

KINDS: dict[str, Entry] = {
    "Lock": ("threading.Lock", "Lock"),
    "RLock": ("threading.RLock: its owner may acquire it again.", "RLock"),
    "Semaphore": ("threading.Semaphore(value=1)", {"Semaphore": 3}),
    "BoundedSemaphore": ("threading.BoundedSemaphore(value=1): releasing too often raises.", {"BoundedSemaphore": 3}),
    "Event": ("threading.Event", "Event"),
    "Condition": ("threading.Condition(lock=None): without a lock it makes its own RLock.", {"Condition": "lock"}),
    "Barrier": (
        "threading.Barrier(parties, action=None, timeout=None); the action is a routine.",
        {"Barrier": {"parties": 3, "action": "tick", "timeout": 5}},
    ),
    "Queue": ("queue.Queue(maxsize=0)", {"Queue": {"maxsize": 5}}),
    "LifoQueue": ("queue.LifoQueue(maxsize=0)", {"LifoQueue": 5}),
    "PriorityQueue": ("queue.PriorityQueue(maxsize=0)", {"PriorityQueue": 5}),
    "SimpleQueue": ("queue.SimpleQueue", "SimpleQueue"),
    "local": ("threading.local: statements may use `tls.x`.", "local"),
    "ThreadPoolExecutor": (
        "concurrent.futures.ThreadPoolExecutor(max_workers=None, thread_name_prefix='', initializer=None)",
        {"ThreadPoolExecutor": {"max_workers": 5, "initializer": "setup", "thread_name_prefix": "io"}},
    ),
    "ProcessPoolExecutor": (
        "concurrent.futures.ProcessPoolExecutor: its routines may use their arguments and params only.",
        {"ProcessPoolExecutor": 2},
    ),
}

KIND_ARGUMENTS: dict[str, Entry] = {
    "value": ("How many may hold it at once.", 3),
    "lock": ("A Lock or RLock of this file to share.", "lock"),
    "parties": ("How many threads meet.", 3),
    "action": ("A routine that the last to arrive runs.", "tick"),
    "timeout": ("Seconds that a party waits by default.", 5),
    "maxsize": ("How many items it holds; 0: any number.", 5),
    "max_workers": ("How many workers it has at most.", 5),
    "initializer": ("A routine that each worker runs first.", "setup"),
    "thread_name_prefix": ("What its workers' names begin with.", "io"),
}

ARRAY: dict[str, Entry] = {
    "array": ("How many elements, `forks[0]` and so on.", 5),
    "of": ("The kind of each element; its arguments may use `index`.", "Lock"),
}

VERBS: dict[str, Entry] = {
    "print": ("Print one whole line of output; {expr} is filled in.", {"print": "worker {index} done"}),
    "mark": ("Record a named moment in the trace, for `order`.", {"mark": "received"}),
    "sleep": ("time.sleep(seconds)", {"sleep": 0.1}),
    "acquire": ("Acquire a lock, semaphore or condition.", {"acquire": "lock", "timeout": 1, "into": "got"}),
    "release": ("Release a lock, semaphore or condition.", {"release": "lock"}),
    "with": ("Acquire, take the steps, release, also when they fail.", {"with": "lock", "do": ["counter += 1"]}),
    "wait": ("Wait for an event, on a condition, or at a barrier.", {"wait": "ready", "timeout": 1, "into": "was_set"}),
    "wait_for": ("Wait on a condition until an expression holds.", {"wait_for": "changed", "until": "items > 0"}),
    "notify": ("Wake one waiter of a condition, or n.", {"notify": "changed", "n": 2}),
    "notify_all": ("Wake all waiters of a condition.", {"notify_all": "changed"}),
    "set": ("Set an event.", {"set": "ready"}),
    "clear": ("Clear an event.", {"clear": "ready"}),
    "abort": ("Break a barrier.", {"abort": "gate"}),
    "reset": ("Reset a barrier.", {"reset": "gate"}),
    "put": ("Put an item into a queue.", {"put": "jobs", "item": "index"}),
    "get": ("Get an item from a queue.", {"get": "jobs", "into": "job"}),
    "task_done": ("Tell a queue that an item is dealt with.", {"task_done": "jobs"}),
    "join": ("Wait for a thread, a group, `all`, `main`, or a queue.", {"join": "worker"}),
    "start": ("Start a thread, a group or `all`.", {"start": "worker"}),
    "cancel": ("Cancel a timer or a future.", {"cancel": "alarm"}),
    "shutdown": ("Shut down a pool or a queue.", {"shutdown": "pool", "wait": True}),
    "submit": (
        "Give a routine to a pool; `into` gets the future.",
        {"submit": "square", "to": "pool", "args": [3], "into": "fut"},
    ),
    "map": (
        "Run a routine of one parameter over values in a pool.",
        {"map": "square", "to": "pool", "over": "range(10)", "into": "results"},
    ),
    "result": ("Wait for a future's result.", {"result": "fut", "into": "value"}),
    "wait_futures": ("concurrent.futures.wait", {"wait_futures": "futures", "into": ["done", "pending"]}),
    "as_completed": (
        "Take the steps once for each future, as they complete.",
        {"as_completed": "fut", "in": "futures", "do": [{"result": "fut", "into": "value"}]},
    ),
    "call": ("Call a routine, or a callable of your own code.", {"call": "square", "args": {"n": 3}, "into": "value"}),
    "if": ("Take steps where an expression holds.", {"if": "n == 0", "then": ["pass"], "else": ["n -= 1"]}),
    "while": ("Take steps as long as an expression holds.", {"while": "n > 0", "do": ["n -= 1"]}),
    "repeat": ("Take steps so many times.", {"repeat": 3, "do": ["counter += 1"]}),
    "for": ("Take steps for each element.", {"for": "n", "in": "range(3)", "do": ["total += n"]}),
    "return": ("End the routine (with a value) or the thread.", {"return": "n * n"}),
    "try": (
        "Catch exceptions by name; `error` holds the text.",
        {"try": ["x[9] = 1"], "except": {"IndexError": ["pass"]}},
    ),
    "raise": ("Raise an exception.", {"raise": "ValueError", "message": "no {name}"}),
    "assert": ("A check: where it is false the scenario fails, and the thread goes on.", {"assert": "inside <= 3"}),
    "choose": ("Any of these values: a run picks by seed, exploring tries each.", {"choose": "n", "from": [1, 2, 3]}),
    "await": ("Block until an expression over shared state holds.", {"await": "ready == 2"}),
    "atomic": ("Nothing else runs in between.", {"atomic": ["x += 1", "y += 1"]}),
}

MODIFIERS: dict[str, Entry] = {
    "raises": ("The step must raise this, and the thread goes on after it.", "ValueError"),
    "blocking": ("false: do not wait.", False),
    "block": ("false: raise Empty or Full rather than wait.", False),
    "timeout": ("Seconds to wait at most.", 1),
    "into": ("The name or element that gets the result.", "got"),
    "n": ("How many.", 2),
    "do": ("The steps of the body.", ["counter += 1"]),
    "until": ("What to wait for, an expression.", "items > 0"),
    "item": ("What to put, an expression.", "index"),
    "wait": ("Whether to wait for the calls that run.", True),
    "cancel_futures": ("Whether to cancel the calls that have not begun.", True),
    "immediate": ("Whether to drop the items that are left.", True),
    "to": ("The pool.", "pool"),
    "args": ("Arguments by parameter name, or in order.", {"n": 3}),
    "over": ("The values, an expression.", "range(10)"),
    "as": ("The name that each result or counter is given.", "n"),
    "return_when": ("FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED (default).", "FIRST_COMPLETED"),
    "in": ("What to go through, an expression.", "range(3)"),
    "then": ("The steps where it holds.", ["pass"]),
    "elif": ("Further conditions with their steps.", [{"if": "n == 1", "then": ["pass"]}]),
    "else": ("The steps otherwise.", ["pass"]),
    "except": ("Exception names and the steps for each.", {"IndexError": ["pass"]}),
    "finally": ("Steps that are taken in any case.", ["pass"]),
    "message": ("What to say, a template.", "no {name}"),
    "from": ("The values to choose from.", [1, 2, 3]),
}
