"""What processes do not have is said at its place, with what to write instead."""

from __future__ import annotations

import pytest
from processes.files import program

from scenario.diagnostics import InvalidScenario

LACKS = {
    "vars: {n: 0}\nthreads: {A: {steps: [n += 1]}}\nexpect: {always: [n >= 0]}": "`always`",
    "vars: {n: 0}\nthreads: {A: {steps: [n += 1]}}\nexpect: {reachable: [n == 1]}": "`reachable`",
    "vars: {s: idle}\nthreads: {A: {steps: [s = 1]}}": "shared texts",
    f"vars: {{n: {2**63}}}\nthreads: {{A: {{steps: [n = 1]}}}}": "shared integers of more than 64 bits",
    "vars: {s: {expr: '{1, 2}'}}\nthreads: {A: {steps: [s.add(1)]}}": "shared value of type set",
    "primitives: {s: {Semaphore: 1}}\nthreads: {A: {steps: [{release: s, n: 2}]}}": "`n` of a release",
    "primitives: {q: SimpleQueue}\nthreads: {A: {steps: [{get: q, timeout: 1}]}}": "`timeout` of a SimpleQueue",
    "primitives: {q: SimpleQueue}\nthreads: {A: {steps: [{print: '{q.qsize()}'}]}}": "`qsize` of a SimpleQueue",
    "requires: {python: '>=3.13'}\nprimitives: {q: Queue}\nthreads: {A: {steps: [{shutdown: q}]}}": "shutdown of a queue",
    "primitives: {q: {Queue: 2 ** 31}}\nthreads: {A: {steps: [{get: q}]}}": "size of more than 2147483647",
    "primitives: {s: {Semaphore: 2 ** 31}}\nthreads: {A: {steps: [{acquire: s}]}}": "size of more than 2147483647",
    "primitives: {s: {array: 2, of: {BoundedSemaphore: 2 ** 31 - 1 + index}}}\n"
    "threads: {A: {steps: [{acquire: 's[0]'}]}}": "size of more than 2147483647",
    "threads: {A: {timer: 1, steps: [pass]}}": "timers",
    "primitives: {t: local}\nthreads: {A: {steps: [t.x = 1]}}": "local",
    "primitives: {p: {ProcessPoolExecutor: 1}}\nroutines: {f: {steps: [pass]}}\n"
    "threads: {A: {steps: [{submit: f, to: p}]}}": "pool in another process than main's",
    "primitives: {p: {ProcessPoolExecutor: 1}}\nroutines: {f: {steps: [pass]}, g: {steps: [{shutdown: p}]}}\n"
    "threads: {A: {steps: [{call: g}]}}": "pool in another process than main's",
    "primitives: {p: {ProcessPoolExecutor: 1}, l: Lock}\nroutines: {f: {steps: [pass]}, g: {steps: [{acquire: l}]}}\n"
    "main: [{submit: f, to: p, into: a}, {add_done_callback: a, run: g}]": "callbacks that may wait",
}


@pytest.mark.parametrize(("text", "what"), LACKS.items(), ids=LACKS.values())
def test_it_is_refused_with_what_to_write_instead(text, what):
    with pytest.raises(InvalidScenario) as refused:
        program(text)
    (only,) = refused.value.diagnostics
    assert only.message == f"multiprocessing has no {what}"
    assert only.hint
    assert only.span.line > 1
