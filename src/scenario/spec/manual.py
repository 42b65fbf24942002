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
    "runtimes": (
        "Where the file is meant to hold (default: threading); it has a result for each.",
        ["threading", "asyncio"],
    ),
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
    "interrupts": (
        "Makes it a signal handler or finalizer: it may run in the middle of this thread, group or `main`.",
        "worker",
    ),
    "times": ("How often an interrupt comes at most in each of its threads.", 1),
}

EXPLORE: dict[str, Entry] = {
    "params": ("Overrides of params, small enough to explore.", {"workers": 3, "rounds": 2}),
    "for_all": (
        "Params for all of whose values it is to hold: proved, not searched value by value.",
        ["workers", "rounds"],
    ),
    "clock": ("virtual: time moves only when nothing else can.", "virtual"),
    "wake": ("fifo: a notification picks the longest waiting.", "fifo"),
    "spurious": ("Whether a condition's wait may return without a notification.", True),
    "fairness": ("weak: a thread that others overtake for ever (starvation) is a livelock too.", "weak"),
    "ready": ("On asyncio, any: any task that is ready may go on next, not only the first.", "any"),
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
    "threading": ("What is expected on threads instead, key by key.", {"deadlock": "possible"}),
    "asyncio": ("What is expected on asyncio instead, key by key.", {"fails": []}),
    "multiprocessing": ("What is expected on processes instead, key by key.", {"fails": ["final"]}),
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

ARRAY: dict[str, Entry] = {
    "array": ("How many elements, `forks[0]` and so on.", 5),
    "of": ("The kind of each element; its arguments may use `index`.", "Lock"),
}
