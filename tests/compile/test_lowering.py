"""Steps become operations."""

import dataclasses
import typing

import pytest
from compile.files import body, program, programs, steps

from scenario import syntax
from scenario.compile.steps import lower
from scenario.compile.steps.on_objects import operation
from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.spec.step import OnObject
from scenario.syntax import Const, Local, Ref, Shared

KEYS = """\
vars: {n: 0, got: [0, 0]}
primitives:
  lock: Lock
  slots: {Semaphore: 2}
  ready: Event
  changed: Condition
  gate: {Barrier: 2}
  q: Queue
  tls: local
  pool: {ThreadPoolExecutor: 2}
  forks: {array: 5, of: Lock}
routines:
  square: {params: [x], steps: [return: x * x]}
  add: {params: [x, y], steps: [return: x + y]}
python: {pay: bank:pay}
"""
THREADS = """\
  worker: {count: 2, steps: [pass]}
  alarm: {timer: 1, steps: [pass]}
"""
TRUE, FALSE, ONE, TWO = Const(True), Const(False), Const(1), Const(2)
X, N = Local("x"), Shared("n")

LOWERED = [
    ("x = n", syntax.Assign((X,), N)),
    ("x = n = 1", syntax.Assign((X, N), ONE)),
    ("n += 1", syntax.AugmentedAssign(N, "+", ONE)),
    ("del got[0]", syntax.Delete((syntax.Subscript(Shared("got"), Const(0)),))),
    ("got.append(1)", syntax.Evaluate(syntax.Method(Shared("got"), "append", (ONE,)))),
    ("pass", syntax.Pass()),
    ("return", syntax.Return()),
    ("{return: n}", syntax.Return(N)),
    ("{print: 'n {n!r:>3}'}", ops.Print(syntax.Template(("n ", syntax.Hole(N, "r", ">3"))))),
    ("{mark: here}", ops.Mark(syntax.Template(("here",)))),
    ("{sleep: 1}", ops.Sleep(ONE)),
    ("{acquire: lock, blocking: false, timeout: 1, into: x}", ops.Acquire(Ref("lock"), FALSE, ONE, X)),
    ("{acquire: 'forks[index]'}", ops.Acquire(Ref("forks", Local("index")))),
    ("{release: slots, n: 2}", ops.Release(Ref("slots"), TWO)),
    ("{with: lock, do: [pass]}", ops.With(Ref("lock"), (syntax.Pass(),))),
    ("{with: [lock, slots], do: [pass]}", ops.With(Ref("lock"), (ops.With(Ref("slots"), (syntax.Pass(),)),))),
    ("{wait: ready, timeout: 1, into: x}", ops.WaitEvent(Ref("ready"), ONE, X)),
    ("{wait: changed, timeout: 1, into: x}", ops.WaitCondition(Ref("changed"), ONE, X)),
    ("{wait: gate, timeout: 1, into: x}", ops.WaitBarrier(Ref("gate"), ONE, X)),
    ("{wait_for: changed, until: n, timeout: 1, into: x}", ops.WaitFor(Ref("changed"), N, ONE, X)),
    ("{notify: changed, n: 2}", ops.Notify(Ref("changed"), TWO)),
    ("{notify_all: changed}", ops.NotifyAll(Ref("changed"))),
    ("{set: ready}", ops.SetEvent(Ref("ready"))),
    ("{clear: ready}", ops.ClearEvent(Ref("ready"))),
    ("{abort: gate}", ops.AbortBarrier(Ref("gate"))),
    ("{reset: gate}", ops.ResetBarrier(Ref("gate"))),
    ("{put: q, item: n, block: false, timeout: 1}", ops.Put(Ref("q"), N, FALSE, ONE)),
    ("{get: q, into: 'got[index]'}", ops.Get(Ref("q"), syntax.Subscript(Shared("got"), Local("index")))),
    ("{get: q, into: tls.x}", ops.Get(Ref("q"), syntax.TlsField(Ref("tls"), "x"))),
    ("{task_done: q}", ops.TaskDone(Ref("q"))),
    ("{join: q}", ops.JoinQueue(Ref("q"))),
    ("{shutdown: q, immediate: true}", ops.ShutdownQueue(Ref("q"), TRUE)),
    ("{shutdown: pool, wait: false, cancel_futures: true}", ops.ShutdownPool(Ref("pool"), FALSE, TRUE)),
    ("{start: worker}", ops.Start(Ref("worker"))),
    ("{start: 'worker[-1]'}", ops.Start(Ref("worker", ONE))),
    ("{start: all}", ops.Start(Ref("all"))),
    ("{join: all, timeout: 1}", ops.Join(Ref("all"), ONE)),
    ("{join: main}", ops.Join(Ref("main"))),
    ("{cancel: alarm}", ops.CancelTimer(Ref("alarm"))),
    ("{cancel: n, into: x}", ops.CancelFuture(N, X)),
    ("{compute: n}", ops.Compute(N)),
    ("{set_result: n, value: 0}", ops.SetResult(N, Const(0))),
    ("{set_exception: n, error: ValueError}", ops.SetException(N, "ValueError")),
    ("{set_running_or_notify_cancel: n, into: x}", ops.SetRunning(N, X)),
    ("{add_done_callback: n, run: square, args: [n]}", ops.AddDoneCallback(N, "square", (N,))),
    ("{submit: square, to: pool, args: [n], into: x}", ops.Submit("square", Ref("pool"), (N,), X)),
    ("{submit: add, to: pool, args: {y: 1, x: 2}}", ops.Submit("add", Ref("pool"), (TWO, ONE))),
    ("{map: square, to: pool, over: [1, 2], timeout: 1, into: x}",
     ops.Map("square", Ref("pool"), Const([1, 2]), ONE, X)),
    ("{map: square, to: pool, over: [1], as: x, do: [break]}",
     ops.Map("square", Ref("pool"), Const([1]), None, None, X, (syntax.Break(),))),
    ("{result: n, timeout: 1, into: x}", ops.Result(N, ONE, X)),
    ("{wait_futures: n, return_when: FIRST_COMPLETED, timeout: 1, into: [x, n]}",
     ops.WaitFutures(N, Const("FIRST_COMPLETED"), ONE, syntax.TupleDisplay((X, N)))),
    ("{as_completed: x, in: n, do: [continue], timeout: 1}", ops.AsCompleted(X, N, (syntax.Continue(),), ONE)),
    ("{call: add, args: {y: 1, x: 2}, into: n}", ops.CallRoutine("add", (TWO, ONE), N)),
    ("{call: add, args: {y: n, x: 2}}", ops.CallRoutine("add", (TWO, N))),
    ("{call: add, args: {x: n, y: n}}", ops.CallRoutine("add", (N, N))),
    (
        "{call: add, args: {y: n, x: index}}",
        ops.Try(
            (
                syntax.Assign((Local("__y"),), N),
                syntax.Assign((Local("__x"),), Local("index")),
                ops.CallRoutine("add", (Local("__x"), Local("__y"))),
            )
        ),
    ),
    ("{call: pay, args: {to: 1}, into: n}", ops.CallPython("pay", (), (("to", ONE),), N)),
    ("{call: pay, args: [1]}", ops.CallPython("pay", (ONE,))),
    ("{if: n, then: [pass], elif: [{if: index, then: []}], else: [return]}",
     ops.If(((N, (syntax.Pass(),)), (Local("index"), ())), (syntax.Return(),))),
    ("{while: n, do: [break]}", ops.While(N, (syntax.Break(),))),
    ("{repeat: 2, as: x, do: [pass]}", ops.Repeat(TWO, (syntax.Pass(),), X)),
    ("{for: x, in: got, do: [pass]}", ops.For(X, Shared("got"), (syntax.Pass(),))),
    ("{try: [pass], except: {KeyError: [raise]}, else: [return], finally: [pass]}",
     ops.Try((syntax.Pass(),), (ops.Handler("KeyError", (syntax.Reraise(),)),), (syntax.Return(),), (syntax.Pass(),))),
    ("{raise: ValueError, message: 'no {n}'}", ops.Raise("ValueError", syntax.Template(("no ", syntax.Hole(N))))),
    ("{assert: n, message: why}", ops.Assert(N, syntax.Template(("why",)))),
    ("{sleep: 1, raises: ValueError}", ops.Expect("ValueError", ops.Sleep(ONE))),
    ("{choose: x, from: [1, 2]}", ops.Choose(X, Const([1, 2]))),
    ("{await: n, timeout: 1}", ops.Await(N, ONE)),
    ("{atomic: n = 1}", ops.Atomic((syntax.Assign((N,), ONE),))),
    ("{atomic: [{acquire: lock}, pass]}", ops.Atomic((ops.Acquire(Ref("lock")), syntax.Pass()))),
]  # fmt: skip


def lowered(text):
    (only,) = programs(steps(f"- {text}", KEYS) + THREADS, allowed_python={"bank"})
    return only.groups[0].body[0]


def lowered_on(runtime, text):
    """What threads have not."""
    (only,) = programs(
        f"scenario: s\nruntimes: [{runtime}]\nthreads:\n  worker: {{count: 2, steps: [pass]}}\nmain:\n  - {text}\n"
    )
    return only.main[0]


def test_what_is_of_one_runtime_alone_is_lowered_there():
    assert lowered_on("multiprocessing", "{kill: 'worker[0]'}") == ops.Kill(Ref("worker", Const(0)))
    assert lowered_on("asyncio", "{cancel: 'worker[0]'}") == ops.CancelThread(Ref("worker", Const(0)))
    assert lowered_on("asyncio", "{timeout: 1, do: [pass]}") == ops.Timeout(ONE, (syntax.Pass(),))


@pytest.mark.parametrize(("text", "op"), LOWERED, ids=[text for text, _ in LOWERED])
def test_a_step_becomes_its_operation(text, op):
    assert lowered(text) == op


@pytest.mark.parametrize("text", [text for text, _ in LOWERED])
def test_an_operation_stands_where_its_step_stands(text):
    assert lowered(text).span.line == 20


def all_classes(op, seen):
    if isinstance(op, syntax.Node):
        seen.add(type(op))
        for name in op.__dataclass_fields__:
            all_classes(getattr(op, name), seen)
    elif isinstance(op, tuple):
        for item in op:
            all_classes(item, seen)
    return seen


def test_every_operation_is_what_some_text_means():
    seen = set()
    for _, op in LOWERED:
        all_classes(op, seen)
    for text in ("{cancel: 'worker[0]'}", "{timeout: 1, do: [pass]}"):
        all_classes(lowered_on("asyncio", text), seen)
    all_classes(lowered_on("multiprocessing", "{kill: 'worker[0]'}"), seen)
    assert set(typing.get_args(ops.Op)) - seen == set()


def test_every_verb_and_statement_is_lowered():
    on_objects = {model for model in spec.VERBS.values() if issubclass(model, OnObject)}
    assert set(lower.LOWER) == {*spec.VERBS.values(), *typing.get_args(syntax.Statement)} - on_objects


@pytest.mark.parametrize("verb", [verb for verb, entry in VERBS.items() if entry.arguments is not None])
def test_a_verb_of_the_catalogue_is_an_operation_that_takes_its_arguments(verb):
    for kind in VERBS[verb].on:
        known = {field.name for field in dataclasses.fields(operation(verb, kind))}
        assert {argument.name for argument in VERBS[verb].arguments} <= known


def test_what_a_raises_expects_of_a_static_mistake_is_raised():
    keys = "primitives: {forks: {array: 2, of: Lock}}\n"
    (op,) = body("- {acquire: 'forks[2]', raises: IndexError}", keys)
    assert op == ops.Expect("IndexError", ops.Raise("IndexError"))
    (op,) = body("- {try: ['pass', {acquire: 'forks[2]'}], raises: LookupError}", keys)
    assert op.body.body == (syntax.Pass(), ops.Raise("IndexError"))


def test_main_is_none_unless_it_is_written():
    assert program("scenario: x\nthreads: {A: {steps: [pass]}}\n").main is None
    assert program("scenario: x\nmain: [pass]\n").main == (syntax.Pass(),)


def test_what_the_file_says_of_itself_is_taken_over():
    made = program("""\
scenario: shop
timeout: 2
explore: {clock: virtual, wake: fifo, spurious: true}
threads: {A: {steps: [pass]}}
""")
    assert (made.name, made.path, made.timeout) == ("shop", "x.scenario.yaml", 2.0)
    assert (made.explore.clock, made.explore.wake, made.explore.spurious) == ("virtual", "fifo", True)
    assert program("scenario: x\nexplore: false\nthreads: {A: {steps: [pass]}}\n").explore is None
