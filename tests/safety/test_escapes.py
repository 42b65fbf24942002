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
]

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
