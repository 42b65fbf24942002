"""The published ways out of Python sandboxes: none is even valid in a scenario."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scenario.compile import compile_scenario
from scenario.diagnostics import InvalidScenario
from scenario.source import Source
from scenario.spec.load import load

EXPRESSIONS = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1]",
    "[].__class__.__base__.__subclasses__()[-1].__init__.__globals__",
    "(lambda: 0).__globals__",
    "(x for x in [1]).gi_frame.f_back.f_back.f_globals",
    "[x for x in [1]].__class__",
    "__import__('os').system('true')",
    "__builtins__",
    "open('/etc/passwd').read()",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "getattr('', 'join')",
    "vars()",
    "globals()",
    "type('X', (), {})",
    "object()",
    "print('x')",
    "input()",
    "breakpoint()",
    "'{0.__class__}'.format(1)",
    "'{a}'.format_map({'a': 1})",
    "''.format",
    "str.format",
    "f'{1}'",
    "(y := 1)",
    "await_",
    "name.__class__",
    "shared.__iadd__(1)",
    "shared['__class__'].mro()",
    "lock._release_save()",
    "lock.__enter__()",
    "lock.release",
    "pool._threads",
    "pool.submit(len, [])",
    "numbers.__reduce__()",
    "1 .__add__(2)",
    "(1).real",
    "b'x'.decode()",
    "sorted([1], key=len)",
    "max([1], key=lambda v: v)",
    "dict(**{'a': 1})",
    "int.from_bytes",
    "...",
    "1j",
    "{x.__class__ for x in [1]}",
    "[x.__class__.__base__ for x in [1]]",
    "{x: x.__dict__ for x in [1]}",
    "[__import__ for x in [1]]",
    "[x for x.__class__ in [1]]",
    "[lock for lock in [1]]",
    "[y for x in [1] if (y := x)]",
    "[(yield x) for x in [1]]",
    "[await_ for await_ in ().__class__.__mro__]",
    "(await x for x in [1])",
    "[x async for x in [1]]",
    "f'{shared.__class__}'",
    "f'{shared!r:{shared}}'",
    "rf'{shared}'",
    "'{0.__class__}'.format",
    "'{}'.__class__.format",
    "'%(a)s'.__mod__({'a': 1})",
    "','.__class__.join",
    "'x'.join.__self__",
    "'x'.__add__('y')",
    "[].append.__self__.__class__",
    "sorted([1], key=lambda x: x.__class__)",
    "min([1], key=type)",
    "max([1], key='x'.join)",
    "sum(*[[1]], **{'start': 1})",
    "range(*[1], **{})",
    "len.__call__([])",
    "len.__self__",
    "str.mro()",
    "int.__subclasses__()",
    "dict.fromkeys.__self__",
    "map(str, [1])",
    "filter(None, [1])",
    "iter([1])",
    "next(iter([1]))",
    "zip.__class__",
    "type(1)",
    "type('')",
    "isinstance(1, int)",
    "hasattr(1, 'real')",
    "setattr(shared, 'x', 1)",
    "delattr(shared, 'x')",
    "callable(1)",
    "super()",
    "classmethod(1)",
    "property(1)",
    "memoryview(b'x')",
    "bytearray(1)",
    "bytes(10)",
    "frozenset([1])",
    "complex(1)",
    "slice(1)",
    "chr(1)",
    "ord('a')",
    "hex(1)",
    "bin(1)",
    "hash(1)",
    "id(1)",
    "pow(2, 3)",
    "repr(1)",
    "ascii('x')",
    "format(1, '>1000000000')",
    "dir()",
    "locals()",
    "help()",
    "exit()",
    "quit()",
    "copyright",
    "license()",
    "__debug__",
    "__file__",
    "__name__",
    "__loader__",
    "__spec__",
    "__builtins__['eval']",
    "_",
    "self",
    "cls",
    "sys.modules",
    "os.system('true')",
    "threading.Thread",
    "NotImplemented",
    "Ellipsis",
    "Exception",
    "ValueError('x').__traceback__",
    "lock.__class__",
    "lock.acquire.__self__",
    "lock._block",
    "pool.__dict__",
    "pool._work_queue",
    "pool.shutdown",
    "pool.map",
    "shared.real",
    "shared.bit_length()",
    "shared.to_bytes(1, 'big')",
    "shared.numerator",
    "numbers.__len__()",
    "numbers.__getitem__(0)",
    "numbers.__class__",
    "numbers.sort(key=len)",
    "name.encode().hex()",
    "name.encode().decode()",
    "name.format(1)",
    "name.format_map({})",
    "A.__dict__",
    "A.run",
    "A._target",
    "A._args",
    "A.start()",
    "tls",
    "f()",
    "f(1)(2)",
    "[1][0](2)",
    "(1)(2)",
    "'a'('b')",
    "len(**{'obj': []})",
    "print",
    "*shared",
    "**shared",
    "shared if shared",
    "not",
    "lambda: (yield)",
    "async lambda: 0",
    "del shared",
    "import os",
    "shared := 1",
    "1 if True else exec('')",
    "0 and eval('')",
    "[] or exec",
    "'' 'a'.__class__",
    "{'__class__': 1}['__class__'].__class__",
    "\\x5f\\x5fimport\\x5f\\x5f('os')",
    "\u1d18rint(1)",
    "\uff3f\uff3fimport\uff3f\uff3f('os')",
    "().\uff3f\uff3fclass\uff3f\uff3f",
    "e\u0301val('1')",
    "𝓮𝓿𝓪𝓵('1')",
    "ｅｖａｌ('1')",
    "ｅｘｅｃ",
]
"""Published ways out, and the names that they go by; some in letters that Python takes for others (NFKC)."""

FILE = """\
scenario: escape
vars: {{shared: 0, numbers: [1]}}
primitives: {{lock: Lock, pool: {{ThreadPoolExecutor: 1}}}}
threads:
  A:
    steps:
      - {step}
"""


def is_refused(step: str) -> bool:
    source = Source("escape.yaml", FILE.format(step=step))
    try:
        compile_scenario(load(source), source)
    except InvalidScenario as invalid:
        return all(d.span.line == 7 for d in invalid.diagnostics)
    return False


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_escape_is_no_expression(expression: str) -> None:
    assert is_refused("{assert: " + quoted(f"({expression}) == 1") + "}")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_escape_is_no_statement(expression: str) -> None:
    assert is_refused(quoted(f"found = {expression}"))


@pytest.mark.parametrize(
    "template",
    [
        "{shared.__class__}",
        "{shared!r:{shared}}",
        "{shared:>99999999999}",
        "{shared:.99999999999f}",
        "{numbers[0].__class__}",
        "{lambda: 0}",
        "{__import__('os')}",
        "{numbers.__class__.__base__.__subclasses__()}",
        "{shared:{numbers[0]}}",
        "{shared:{'>' + '9' * 9}}",
        "{shared!x}",
        "{shared!r!r}",
        "{shared=}",
        "{0.__class__}",
        "{f'{shared.__class__}'}",
        "{'{0.__class__}'.format(shared)}",
        "{open('/etc/passwd').read()}",
        "{name:%c}",
        "{shared:1000000000}",
        "{shared:0>1001}",
        "{lock.__class__}",
        "{(lambda: 0)()}",
        "{(x := 1)}",
        "{[x.__class__ for x in [1]]}",
        "{ᵖrint(1)}",
    ],
)
def test_a_template_reaches_no_attribute_and_no_huge_width(template: str) -> None:
    assert is_refused("{print: " + quoted(template) + "}")


@pytest.mark.parametrize(
    "statement",
    [
        "import os",
        "from os import system",
        "def f(): pass",
        "class X: pass",
        "global shared",
        "shared.real = 1",
        "lock.name = 1",
        "del shared",
        "with lock: pass",
        "for i in [1]: pass",
        "while True: pass",
        "try: pass\\nexcept: pass",
        "lambda: 0",
        "yield 1",
        "async def f(): pass",
        "assert True",
        "raise ValueError",
        "x: int = 1",
        "type X = int",
        "shared = 1; numbers = 2",
        "__builtins__ = 1",
        "__class__ = 1",
        "numbers.__class__ = 1",
        "numbers[0].x = 1",
        "lock.acquire = 1",
        "tls.__dict__ = 1",
        "tls.__class__ = 1",
        "tls.x.y = 1",
        "[x.__class__] = [1]",
        "a, b.__class__ = 1, 2",
        "for x.y in [1]: pass",
        "numbers[0]: int = 1",
        "shared @= 1",
        "shared := 1",
        "nonlocal shared",
        "with open('x') as f: pass",
        "match shared: pass",
        "@x\\ndef f(): pass",
        "return 1",
        "await shared",
        "yield",
        "eval('1')",
        "exec('1')",
        "(exec)('1')",
        "print('x')",
        "numbers.__init__()",
        "numbers.append.__call__(1)",
        "numbers.sort(key=len)",
        "pool.submit(print)",
        "lock.__init__()",
        "len = eval",
        "ｅｘｅｃ('1')",
    ],
)
def test_other_statements_are_none_of_the_language(statement: str) -> None:
    assert is_refused(quoted(statement))


def test_a_module_that_was_not_allowed_is_never_imported(tmp_path) -> None:
    (tmp_path / "spy_module.py").write_text("open('imported', 'w').close()\n\ndef act(): pass\n")
    file = tmp_path / "spy.yaml"
    file.write_text("scenario: spy\npython: {act: 'spy_module:act'}\nmain: [{call: act}]\n")
    for command in ("run", "validate", "explore"):
        done = subprocess.run(
            [sys.executable, "-m", "scenario", command, str(file)],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
            env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        )  # fmt: skip
        assert done.returncode in (2, 3), done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "imported").exists()
