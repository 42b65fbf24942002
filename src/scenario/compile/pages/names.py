"""Mistakes with names: what they stand for, and containers that would get a second one."""

from __future__ import annotations

from scenario.compile import codes
from scenario.compile.pages.steps import COUNTER, LOCK, RESULTS, in_steps
from scenario.diagnostics import Page

NAMES = (
    Page(
        codes.UNKNOWN_NAME,
        "unknown-name",
        "A name is read that nothing assigns.",
        "Names in `vars` are shared by all threads; any other name is local to the thread or routine that assigns it, "
        "as in a Python function. `x += 1` reads before it assigns. A text needs quotes of its own inside YAML's.",
        in_steps("- conter += 1", COUNTER),
        in_steps("- counter += 1", COUNTER),
    ),
    Page(
        codes.SHADOWING,
        "no-shadowing",
        "A name stands for two things.",
        "Vars, params, primitives, threads, routines, functions and the words `name index error main all` share one "
        "namespace. Were a local to shadow a shared variable, a race could hide in plain sight.",
        in_steps("- lock = 1", LOCK),
        in_steps("- locked = 1", LOCK),
    ),
    Page(
        codes.NOT_A_VALUE,
        "not-a-value",
        "A primitive, thread, routine or function is used as a value.",
        "Verbs use primitives and threads, `call` uses routines; an expression can only ask for their state.",
        in_steps("- x = lock", LOCK),
        in_steps("- x = lock.locked()", LOCK),
    ),
    Page(
        codes.NOT_ASSIGNABLE,
        "not-assignable",
        "Something constant is assigned to.",
        "Params are constants of a case, and what a primitive tells of itself can only be read.",
        in_steps("- rounds += 1", "params: {rounds: 3}\n"),
        in_steps("- rounds += 1", "vars: {rounds: 3}\n"),
    ),
    Page(
        codes.FUNCTION,
        "unknown-function",
        "An expression calls something that is no function of the language.",
        "Expressions have a closed list of functions, none of which can reach a file, the network or an attribute of "
        "Python's. A routine is called by the verb `call`.",
        in_steps("- x = open('passwords')"),
        in_steps("- x = len('passwords')"),
    ),
    Page(
        codes.METHOD,
        "unknown-method",
        "An expression calls a method that is not part of the language.",
        "Expressions have the methods of list, dict, set and str that neither format nor reach attributes, and of a "
        "future `done()`, `running()`, `cancelled()` and `exception()`.",
        in_steps("- x = '{}'.format(index)"),
        in_steps("- x = str(index)"),
    ),
    Page(
        codes.ATTRIBUTE,
        "attribute",
        "A value is asked for an attribute.",
        "Only primitives and threads have state that an expression can read, and a `local` has fields.",
        in_steps("- x = name.upper"),
        in_steps("- x = name.upper()"),
    ),
    Page(
        codes.STATE,
        "unknown-state",
        "A primitive or thread is asked for what it does not tell, or not here.",
        "The state that can be read is that of Python's own objects. A semaphore's `value` and `blocked` are read "
        "where nothing moves meanwhile: in `await`, `always` and `reachable` (and `value` in `final`).",
        in_steps("- print: '{slots.value}'", "primitives: {slots: {Semaphore: 3}}\n"),
        in_steps("- await: slots.value == 3", "primitives: {slots: {Semaphore: 3}}\n"),
    ),
    Page(
        codes.REGISTER,
        "thread-local-read",
        "A thread's local is read where it can not be, or is one that the thread never assigns.",
        "`A.x` is A's local x at its end: it stands in `final`, `sometimes`, `observe` and `when`.",
        in_steps("- x = 1") + "expect: [A.y == 1]\n",
        in_steps("- x = 1") + "expect: [A.x == 1]\n",
    ),
    Page(
        codes.LIST_OF_NAMES,
        "list-of-names",
        "A YAML list holds names, where their values were meant.",
        "A YAML list is itself, so `[a, b]` holds the texts 'a' and 'b'. Quotes make it an expression.",
        in_steps("- a = 1\n- choose: x\n  from: [a, index]"),
        in_steps('- a = 1\n- choose: x\n  from: "[a, index]"'),
    ),
)

CONTAINERS = (
    Page(
        codes.CONTAINER,
        "second-name",
        "A shared list, dict or set would get a second name.",
        "A shared container has one name, so that each access to it can be seen. A copy is a value of its own.",
        in_steps("- mine = results", RESULTS),
        in_steps("- mine = list(results)", RESULTS),
    ),
)
