"""The verbs: on what they are, with which arguments, and what editors say of them."""

from __future__ import annotations

from collections.abc import Mapping

from scenario.language.arguments import Argument
from scenario.language.primitives import LOCKS, POOLS, QUEUES, SEMAPHORES, THREAD, TIMER
from scenario.record import record


@record
class Verb:
    """`on`: the kinds of primitive or thread that it is used on; empty where it is on none.

    `arguments`: those of a verb that is one call on one object, whose model and lowering follow from them; None where the
    file's form is richer (`spec.steps` has its model). `about` and `example` are what editors say.
    """

    about: str
    example: Mapping[str, object]
    on: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] | None = None


_TIMEOUT, _INTO = Argument("timeout"), Argument("into", "target")
_LOCKED = (*LOCKS, *SEMAPHORES, "Condition")

VERBS: Mapping[str, Verb] = {
    "print": Verb("Print one whole line of output; {expr} is filled in.", {"print": "worker {index} done"}),
    "mark": Verb("Record a named moment in the trace, for `order`.", {"mark": "received"}),
    "sleep": Verb("time.sleep(seconds)", {"sleep": 0.1}),
    "compute": Verb("So many seconds of work in pure Python, as one idle core does it.", {"compute": 0.1}),
    "acquire": Verb(
        "Acquire a lock, semaphore or condition.",
        {"acquire": "lock", "timeout": 1, "into": "got"},
        _LOCKED,
        (Argument("blocking"), _TIMEOUT, _INTO),
    ),
    "release": Verb(
        "Release a lock, semaphore or condition.", {"release": "lock"}, _LOCKED, (Argument("n", only=SEMAPHORES),)
    ),
    "with": Verb(
        "Acquire, take the steps, release, also when they fail.",
        {"with": "lock", "do": ["counter += 1"]},
        (*_LOCKED, *POOLS),
    ),
    "wait": Verb(
        "Wait for an event, on a condition, or at a barrier.",
        {"wait": "ready", "timeout": 1, "into": "was_set"},
        ("Event", "Condition", "Barrier"),
        (_TIMEOUT, _INTO),
    ),
    "wait_for": Verb(
        "Wait on a condition until an expression holds.",
        {"wait_for": "changed", "until": "items > 0"},
        ("Condition",),
        (Argument("until", is_required=True), _TIMEOUT, _INTO),
    ),
    "notify": Verb(
        "Wake one waiter of a condition, or n.", {"notify": "changed", "n": 2}, ("Condition",), (Argument("n"),)
    ),
    "notify_all": Verb("Wake all waiters of a condition.", {"notify_all": "changed"}, ("Condition",), ()),
    "set": Verb("Set an event.", {"set": "ready"}, ("Event",), ()),
    "clear": Verb("Clear an event.", {"clear": "ready"}, ("Event",), ()),
    "abort": Verb("Break a barrier.", {"abort": "gate"}, ("Barrier",), ()),
    "reset": Verb("Reset a barrier.", {"reset": "gate"}, ("Barrier",), ()),
    "put": Verb(
        "Put an item into a queue.",
        {"put": "jobs", "item": "index"},
        (*QUEUES, "SimpleQueue"),
        (Argument("item", "value", is_required=True), Argument("block"), _TIMEOUT),
    ),
    "get": Verb(
        "Get an item from a queue.",
        {"get": "jobs", "into": "job"},
        (*QUEUES, "SimpleQueue"),
        (_INTO, Argument("block"), _TIMEOUT),
    ),
    "task_done": Verb("Tell a queue that an item is dealt with.", {"task_done": "jobs"}, QUEUES, ()),
    "join": Verb(
        "Wait for a thread, a group, `all`, `main`, or a queue.", {"join": "worker"}, (*QUEUES, THREAD, TIMER)
    ),
    "start": Verb("Start a thread, a group or `all`.", {"start": "worker"}, (THREAD, TIMER)),
    "cancel": Verb(
        "Cancel a timer or a future; on asyncio also a thread (its task).", {"cancel": "alarm"}, (TIMER, THREAD)
    ),
    "kill": Verb(
        "On multiprocessing: the process takes no further step, and what it holds stays held.",
        {"kill": "worker"},
        (THREAD,),
    ),
    "set_result": Verb(
        "Complete a future with a value; InvalidStateError where it is done.", {"set_result": "reply", "value": 42}
    ),
    "set_exception": Verb(
        "Complete a future with an exception; InvalidStateError where it is done.",
        {"set_exception": "reply", "error": "ValueError", "message": "no {name}"},
    ),
    "set_running_or_notify_cancel": Verb(
        "What an executor does before it runs a call: false where the future has been cancelled.",
        {"set_running_or_notify_cancel": "reply", "into": "goes_on"},
    ),
    "add_done_callback": Verb(
        "A routine that runs once the future is done: in the thread that completes or cancels it, or at once.",
        {"add_done_callback": "reply", "run": "note", "args": [3]},
    ),
    "shutdown": Verb("Shut down a pool or a queue.", {"shutdown": "pool", "wait": True}, (*QUEUES, *POOLS)),
    "submit": Verb(
        "Give a routine to a pool; `into` gets the future.",
        {"submit": "square", "to": "pool", "args": [3], "into": "fut"},
        POOLS,
    ),
    "map": Verb(
        "Run a routine of one parameter over values in a pool.",
        {"map": "square", "to": "pool", "over": "range(10)", "into": "results"},
        POOLS,
    ),
    "result": Verb("Wait for a future's result.", {"result": "fut", "into": "value"}),
    "wait_futures": Verb("concurrent.futures.wait", {"wait_futures": "futures", "into": ["done", "pending"]}),
    "as_completed": Verb(
        "Take the steps once for each future, as they complete.",
        {"as_completed": "fut", "in": "futures", "do": [{"result": "fut", "into": "value"}]},
    ),
    "call": Verb(
        "Call a routine, or a callable of your own code.", {"call": "square", "args": {"n": 3}, "into": "value"}
    ),
    "if": Verb("Take steps where an expression holds.", {"if": "n == 0", "then": ["pass"], "else": ["n -= 1"]}),
    "while": Verb("Take steps as long as an expression holds.", {"while": "n > 0", "do": ["n -= 1"]}),
    "repeat": Verb("Take steps so many times.", {"repeat": 3, "do": ["counter += 1"]}),
    "for": Verb("Take steps for each element.", {"for": "n", "in": "range(3)", "do": ["total += n"]}),
    "return": Verb("End the routine (with a value) or the thread.", {"return": "n * n"}),
    "try": Verb(
        "Catch exceptions by name; `error` holds the text.", {"try": ["x[9] = 1"], "except": {"IndexError": ["pass"]}}
    ),
    "raise": Verb("Raise an exception.", {"raise": "ValueError", "message": "no {name}"}),
    "assert": Verb("A check: where it is false the scenario fails, and the thread goes on.", {"assert": "inside <= 3"}),
    "choose": Verb(
        "Any of these values: a run picks by seed, exploring tries each.", {"choose": "n", "from": [1, 2, 3]}
    ),
    "await": Verb("Block until an expression over shared state holds.", {"await": "ready == 2"}),
    "timeout": Verb(
        "On asyncio: take the steps for so many seconds at most (`asyncio.timeout`); TimeoutError past them.",
        {"timeout": 1, "do": [{"get": "jobs", "into": "job"}]},
    ),
    "atomic": Verb("Nothing else runs in between.", {"atomic": ["x += 1", "y += 1"]}),
}

MODIFIERS: Mapping[str, tuple[str, object]] = {
    "raises": ("The step must raise this, and the thread goes on after it.", "ValueError"),
    "blocking": ("false: do not wait.", False),
    "block": ("false: raise Empty or Full rather than wait.", False),
    "timeout": ("Seconds to wait at most.", 1),
    "into": ("The name or element that gets the result.", "got"),
    "n": ("How many.", 2),
    "do": ("The steps of the body.", ["counter += 1"]),
    "value": ("What the future gives, an expression.", 42),
    "error": ("The exception, by its name.", "ValueError"),
    "run": ("The routine that is called.", "note"),
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
"""What editors say of a verb's arguments: a description and an example."""
