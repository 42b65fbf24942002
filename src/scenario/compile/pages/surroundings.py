"""Mistakes with what is around the steps: processes, the user's own code, `expect`."""

from __future__ import annotations

from scenario.compile import codes
from scenario.diagnostics import Page

SURROUNDINGS = (
    Page(
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
    Page(
        codes.PYTHON,
        "module-not-allowed",
        "The file names a module that whoever runs it has not allowed.",
        "Scenario files are safe to run from anyone: they run code of their own choice only where it was allowed, with "
        "`--allow-python MODULE`, or `allow-python` in a file of their own or one that `--config` names. Nothing was imported.",
        "python: {transfer: 'bank:transfer'}\n",
        "",
    ),
    Page(
        codes.RUNTIME,
        "not-on-this-runtime",
        "The file uses what one of its runtimes does not have.",
        "asyncio has no RLock and no pools, processes share no futures: what a runtime does not have is said at its place, with "
        "what to write instead. On the others the file is run and explored. `runtimes` in the file, or `--runtime`, says what it is "
        "meant for.",
        "runtimes: [threading, asyncio]\nprimitives: {lock: RLock}\n",
        "runtimes: [threading, asyncio]\nprimitives: {lock: Lock}\n",
    ),
    Page(
        codes.EXPECTED_THREAD,
        "expected-thread",
        "`expect` names a thread that the file does not have.",
        "`errors` and `deadlock` name threads, groups, members of groups, or `main`.",
        "expect: {errors: {B: ValueError}}\n",
        "expect: {errors: {A: {possible: ValueError}}}\n",
    ),
    Page(
        codes.EXPECTED_EXIT,
        "expected-exit",
        "`errors` names SystemExit, which is no error of a thread.",
        "A thread that raises SystemExit ends quietly, as with `threading` (`sys.exit()` in a thread): nothing fails, and there is "
        "nothing to expect.",
        "expect: {errors: {A: SystemExit}}\n",
        "expect: {errors: {A: {possible: ValueError}}}\n",
    ),
)
