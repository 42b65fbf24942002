"""Small programs and outcomes to judge."""

from scenario.program.claims import Claim, Claims
from scenario.program.program import Program, ThreadGroup, Var
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked, Wait
from scenario.source import Span
from scenario.syntax import Binary, Compare, Const, Shared

PLACE = Span(9, 5, 9, 12)
COUNTER_IS_FULL = Claim(
    "counter == workers * rounds",
    Compare(Shared("counter"), ("==",), (Binary("*", Const(2), Const(10)),)),
    span=PLACE,
)
POSITIVE = Claim("counter > 0", Compare(Shared("counter"), (">",), (Const(0),)), span=PLACE)
BROKEN = Claim("1 / counter", Binary("/", Const(1), Shared("counter")), span=PLACE)


def program(**claims):
    groups = (ThreadGroup("A", ("A",), ()), ThreadGroup("worker", ("w0", "w1"), (), is_group=True))
    return Program("p", "p.yaml", {}, (Var("counter", 0),), (), {}, groups, None, Claims(**claims))


def outcome(counter=20, end="finished", **rest):
    return Outcome(end, {"counter": counter}, **rest)


def stuck(*threads):
    return tuple(Blocked(thread, PLACE, Wait("lock", "a")) for thread in threads)
