"""What each code of compiling means: plain data for `scenario explain` and the docs."""

from __future__ import annotations

from scenario.compile import codes
from scenario.diagnostics import Rule, register


def _steps(steps: str, keys: str = "") -> str:
    """An excerpt with other keys, a thread `A` and its steps."""
    indented = "".join(f"      {line}\n" for line in steps.splitlines())
    return f"{keys}threads:\n  A:\n    steps:\n{indented}"


_COUNTER = "vars: {counter: 0}\n"
_LOCK = "primitives: {lock: Lock}\n"
_RESULTS = "vars: {results: []}\n"
_POOL = "primitives: {pool: {ThreadPoolExecutor: 2}}\nroutines:\n  square: {params: [n], steps: [return: n * n]}\n"

NAMES = (
    Rule(
        codes.UNKNOWN_NAME,
        "unknown-name",
        "A name is read that nothing assigns.",
        "Names in `vars` are shared by all threads; any other name is local to the thread or routine that assigns it, "
        "as in a Python function. `x += 1` reads before it assigns. A text needs quotes of its own inside YAML's.",
        _steps("- conter += 1", _COUNTER),
        _steps("- counter += 1", _COUNTER),
    ),
    Rule(
        codes.SHADOWING,
        "no-shadowing",
        "A name stands for two things.",
        "Vars, params, primitives, threads, routines, functions and the words `name index error main all` share one "
        "namespace. Were a local to shadow a shared variable, a race could hide in plain sight.",
        _steps("- lock = 1", _LOCK),
        _steps("- locked = 1", _LOCK),
    ),
    Rule(
        codes.NOT_A_VALUE,
        "not-a-value",
        "A primitive, thread, routine or function is used as a value.",
        "Verbs use primitives and threads, `call` uses routines; an expression can only ask for their state.",
        _steps("- x = lock", _LOCK),
        _steps("- x = lock.locked()", _LOCK),
    ),
    Rule(
        codes.NOT_ASSIGNABLE,
        "not-assignable",
        "Something constant is assigned to.",
        "Params are constants of a case, and what a primitive tells of itself can only be read.",
        _steps("- rounds += 1", "params: {rounds: 3}\n"),
        _steps("- rounds += 1", "vars: {rounds: 3}\n"),
    ),
    Rule(
        codes.FUNCTION,
        "unknown-function",
        "An expression calls something that is no function of the language.",
        "Expressions have a closed list of functions, none of which can reach a file, the network or an attribute of "
        "Python's. A routine is called by the verb `call`.",
        _steps("- x = open('passwords')"),
        _steps("- x = len('passwords')"),
    ),
    Rule(
        codes.METHOD,
        "unknown-method",
        "An expression calls a method that is not part of the language.",
        "Expressions have the methods of list, dict, set and str that neither format nor reach attributes, and of a "
        "future `done()`, `running()`, `cancelled()` and `exception()`.",
        _steps("- x = '{}'.format(index)"),
        _steps("- x = str(index)"),
    ),
    Rule(
        codes.ATTRIBUTE,
        "attribute",
        "A value is asked for an attribute.",
        "Only primitives and threads have state that an expression can read, and a `local` has fields.",
        _steps("- x = name.upper"),
        _steps("- x = name.upper()"),
    ),
    Rule(
        codes.STATE,
        "unknown-state",
        "A primitive or thread is asked for what it does not tell, or not here.",
        "The state that can be read is that of Python's own objects. A semaphore's `value` and `blocked` are read "
        "where nothing moves meanwhile: in `await`, `always` and `reachable` (and `value` in `final`).",
        _steps("- print: '{slots.value}'", "primitives: {slots: {Semaphore: 3}}\n"),
        _steps("- await: slots.value == 3", "primitives: {slots: {Semaphore: 3}}\n"),
    ),
    Rule(
        codes.REGISTER,
        "thread-local-read",
        "A thread's local is read where it can not be, or is one that the thread never assigns.",
        "`A.x` is A's local x at its end: it stands in `final`, `sometimes`, `observe` and `when`.",
        _steps("- x = 1") + "expect: [A.y == 1]\n",
        _steps("- x = 1") + "expect: [A.x == 1]\n",
    ),
    Rule(
        codes.LIST_OF_NAMES,
        "list-of-names",
        "A YAML list holds names, where their values were meant.",
        "A YAML list is itself, so `[a, b]` holds the texts 'a' and 'b'. Quotes make it an expression.",
        _steps("- a = 1\n- choose: x\n  from: [a, index]"),
        _steps('- a = 1\n- choose: x\n  from: "[a, index]"'),
    ),
)

CONTAINERS = (
    Rule(
        codes.CONTAINER,
        "second-name",
        "A shared list, dict or set would get a second name.",
        "A shared container has one name, so that each access to it can be seen. A copy is a value of its own.",
        _steps("- mine = results", _RESULTS),
        _steps("- mine = list(results)", _RESULTS),
    ),
    Rule(
        codes.CONTAINER_LOOP,
        "loop-over-shared-dict",
        "A loop or comprehension runs over a shared dict or set.",
        "Python raises RuntimeError in the middle of it when another thread adds a key. Run over a copy.",
        _steps("- for: key\n  in: table\n  do: [pass]", "vars: {table: {a: 1}}\n"),
        _steps("- for: key\n  in: list(table)\n  do: [pass]", "vars: {table: {a: 1}}\n"),
    ),
)

REFS = (
    Rule(
        codes.UNKNOWN_REF,
        "unknown-primitive-or-thread",
        "A verb names a primitive or thread that the file does not declare.",
        "All primitives are declared under `primitives` and all threads under `threads`.",
        _steps("- acquire: lok", _LOCK),
        _steps("- {with: lock, do: [pass]}", _LOCK),
    ),
    Rule(
        codes.WRONG_VERB,
        "wrong-verb",
        "A verb does not go with this kind of primitive.",
        "Each kind has the methods of Python's own class. One waits for an event and acquires a lock.",
        _steps("- acquire: ready", "primitives: {ready: Event}\n"),
        _steps("- {wait: ready, timeout: 1}", "primitives: {ready: Event}\n"),
    ),
    Rule(
        codes.MODIFIER,
        "unfit-modifier",
        "A modifier does not go with this kind of primitive.",
        "Some verbs go with several kinds, whose methods take different arguments: only a semaphore is released "
        "several times at once.",
        _steps("- acquire: lock\n- {release: lock, n: 2}", _LOCK),
        _steps("- {release: slots, n: 2}", "primitives: {slots: {Semaphore: 0}}\n"),
    ),
    Rule(
        codes.METHOD_OF_PRIMITIVE,
        "method-of-a-primitive",
        "A primitive's method is called in a statement or expression.",
        "What blocks or changes a primitive is a step of its own, so that it can be seen, scheduled and explained.",
        _steps("- lock.acquire()\n- lock.release()", _LOCK),
        _steps("- acquire: lock\n- release: lock", _LOCK),
    ),
    Rule(
        codes.ELEMENT,
        "element",
        "An element is asked of what has none, or out of range, or missing.",
        "An array or group is used one element at a time: `forks[0]`; `start` and `join` also take a whole group.",
        _steps("- {with: 'forks[5]', do: [pass]}", "primitives: {forks: {array: 5, of: Lock}}\n"),
        _steps("- {with: 'forks[4]', do: [pass]}", "primitives: {forks: {array: 5, of: Lock}}\n"),
    ),
    Rule(
        codes.ROUTINE,
        "unknown-routine",
        "There is no such routine.",
        "Routines are declared under `routines`, callables of the user's own code under `python`.",
        _steps("- {submit: squares, to: pool, args: [2]}", _POOL),
        _steps("- {submit: square, to: pool, args: [2]}", _POOL),
    ),
    Rule(
        codes.ARGUMENTS,
        "arguments",
        "The arguments do not fit the routine's parameters.",
        "As in Python, each parameter gets one argument, by name or in order; `map` takes routines of one parameter, "
        "a barrier's action and a pool's initializer take none.",
        _steps("- {call: square, args: {m: 2}}", _POOL),
        _steps("- {call: square, args: {n: 2}}", _POOL),
    ),
)

STEPS = (
    Rule(
        codes.OUTSIDE,
        "outside",
        "`break` or `continue` outside of a loop, or a bare `raise` outside of an `except`.",
        "There is nothing to leave, or nothing to raise again.",
        _steps("- break"),
        _steps("- repeat: 3\n  do: [break]"),
    ),
    Rule(
        codes.NESTING,
        "nested-too-deep",
        "Blocks nest more than 18 deep.",
        "CPython compiles at most 20 nested blocks. As it counts them, a loop is one, each ref of `with` one, `try` one "
        "for its `except` and one for its `finally`, an `except` body and `raises` two, `if` none.",
        _steps("- with: [" + ", ".join(["again"] * 19) + "]\n  do: [pass]", "primitives: {again: RLock}\n"),
        _steps("- with: [" + ", ".join(["again"] * 18) + "]\n  do: [pass]", "primitives: {again: RLock}\n"),
    ),
    Rule(
        codes.ATOMIC,
        "blocking-in-atomic",
        "A step inside `atomic` may block, or sleeps, submits or calls the user's own code.",
        "Nothing else runs during an atomic block, so what it waits for could never come. Its first step may block, for "
        "the block has not begun then: an untimed acquire, get, put, join, result, await, or wait on an event.",
        _steps("- atomic:\n    - counter += 1\n    - acquire: lock", _COUNTER + _LOCK),
        _steps("- atomic:\n    - acquire: lock\n    - counter += 1", _COUNTER + _LOCK),
    ),
    Rule(
        codes.NO_EFFECT,
        "no-effect",
        "A statement computes a value that nothing uses.",
        "Statements assign, or call a method that changes a container. The value was probably meant for something.",
        _steps("- results.count(1)", _RESULTS),
        _steps("- ones = results.count(1)", _RESULTS),
    ),
)

CONSTANTS = (
    Rule(
        codes.PARAM,
        "unknown-param",
        "`cases` or `explore` override a param that the file does not have.",
        "An override of a misspelt name would do nothing, in silence.",
        "params: {workers: 10}\nexplore: {params: {worker: 2}}\n",
        "params: {workers: 10}\nexplore: {params: {workers: 2}}\n",
    ),
    Rule(
        codes.CIRCULAR,
        "circular-params",
        "Params are computed from one another.",
        "A param may be computed from other params, but none of these may need it in turn.",
        "params: {a: {expr: b + 1}, b: {expr: a + 1}}\n",
        "params: {a: {expr: b + 1}, b: 1}\n",
    ),
    Rule(
        codes.COMPUTED,
        "can-not-be-computed",
        "A constant can not be computed, or is of the wrong kind.",
        "Params, vars, counts, timers and constructors' arguments are computed before anything runs. The message is "
        "Python's own.",
        "params: {n: 0, share: {expr: 10 // n}}\n",
        "params: {n: 2, share: {expr: 10 // n}}\n",
    ),
    Rule(
        codes.COUNT,
        "bad-size",
        "The size of a group or array is negative, too large or no integer.",
        "A group has any number of threads from 0 to 100,000.",
        "params: {workers: -1}\nthreads:\n  worker: {count: workers, steps: [pass]}\n",
        "params: {workers: 2}\nthreads:\n  worker: {count: workers, steps: [pass]}\n",
    ),
    Rule(
        codes.CONSTRUCTOR,
        "refused-by-constructor",
        "Python's constructor refuses this argument.",
        "All primitives are built before the first step, by Python's own classes; the message is Python's own.",
        "primitives: {slots: {Semaphore: -1}}\n",
        "primitives: {slots: {Semaphore: 1}}\n",
    ),
    Rule(
        codes.CONDITION_LOCK,
        "lock-of-a-condition",
        "A condition's lock is no Lock or RLock of the file.",
        "A condition shares a lock that the file declares; `Condition` alone makes an RLock of its own.",
        "primitives: {slots: Semaphore, changed: {Condition: slots}}\n",
        "primitives: {lock: Lock, changed: {Condition: lock}}\n",
    ),
    Rule(
        codes.DAEMONS_ONLY,
        "daemons-only",
        "All threads are daemons.",
        "A run is over when main and all non-daemon threads have ended: this one would be over at once.",
        "threads:\n  A: {daemon: true, steps: [pass]}\n",
        "threads:\n  A: {daemon: true, steps: [pass]}\n  B: {steps: [pass]}\n",
    ),
)

SURROUNDINGS = (
    Rule(
        codes.PROCESS_POOL,
        "shared-state-in-a-process",
        "A routine of a process pool uses what is not there in another process.",
        "Processes share no memory: a routine that runs in a process pool may use its arguments and params only.",
        "vars: {total: 0}\nprimitives: {cpu: {ProcessPoolExecutor: 2}}\nroutines:\n"
        "  add: {params: [n], steps: [total += n]}\nthreads:\n  A:\n    steps:\n      - {submit: add, to: cpu, args: [1]}\n",
        "primitives: {cpu: {ProcessPoolExecutor: 2}}\nroutines:\n"
        "  add: {params: [n], steps: [return: n + 1]}\nthreads:\n  A:\n    steps:\n"
        "      - {submit: add, to: cpu, args: [1]}\n",
    ),
    Rule(
        codes.PYTHON,
        "module-not-allowed",
        "The file names a module that whoever runs it has not allowed.",
        "Scenario files are safe to run from anyone: they run code of their own choice only where it was allowed, with "
        "`--allow-python MODULE` or `allow-python` under `[tool.scenario]`. Nothing was imported.",
        "python: {transfer: 'bank:transfer'}\n",
        "",
    ),
    Rule(
        codes.EXPECTED_THREAD,
        "expected-thread",
        "`expect` names a thread that the file does not have.",
        "`errors` and `deadlock` name threads, groups, members of groups, or `main`.",
        "expect: {errors: {B: ValueError}}\n",
        "expect: {errors: {A: {possible: ValueError}}}\n",
    ),
)

RULES = (*NAMES, *CONTAINERS, *REFS, *STEPS, *CONSTANTS, *SURROUNDINGS)

register(*RULES)
